import fc from 'fast-check';
import { isMailError } from '../../../mail/errors';
import { emailServices } from '../../../mail/service-preset';
import { requireOutgoing, toConnector } from '../../../nodes/bridge/connector';
import { toSendingProfile } from '../../../nodes/bridge/connector-profile';

const whole = {
	incomingHost: 'imap.example.test',
	outgoingHost: 'smtp.example.test',
	outgoingUser: 'sender@example.test',
	outgoingPassword: 'secret',
	password: 'secret',
	pfx: 'MIIK',
};

function tried<T>(work: () => T): T | string {
	try {
		return work();
	} catch (error) {
		if (isMailError(error)) return error.code;
		throw error;
	}
}

describe('the profile of a connector', () => {
	it('says what the whole connector says of name, identity and right to send', () => {
		const fields = fc.record({
			emailService: fc.constantFrom(...emailServices),
			useFor: fc.constantFrom('both', 'incoming', 'outgoing'),
			enabled: fc.boolean(),
			authentication: fc.constantFrom('none', 'userPassword', 'certificate'),
			relayAuthentication: fc.constantFrom('none', 'certificate'),
			sameCredentials: fc.boolean(),
			user: fc.constantFrom('ann@example.test', 'recent:ann@example.test', 'ann'),
			primaryAddress: fc.constantFrom('', 'desk@example.test', 'no address'),
			fromAddress: fc.constantFrom('', 'alias@example.test'),
			fromName: fc.constantFrom('', 'Desk'),
			replyTo: fc.constantFrom('', 'answers@example.test'),
			signatureText: fc.constantFrom('', 'Regards'),
		});
		fc.assert(
			fc.property(fields, fc.constantFrom(undefined, 'Desk'), (data, name) => {
				const expected = tried(() => {
					const connector = toConnector({ ...whole, ...data }, name);
					requireOutgoing(connector);
					return { name: connector.name, identity: connector.identity };
				});
				expect(tried(() => toSendingProfile({ ...whole, ...data }, name))).toEqual(expected);
			}),
			{ numRuns: 500 },
		);
	});

	it('does not look at servers, passwords and certificates', () => {
		const broken = {
			user: 'ann@example.test',
			outgoingPort: 'x',
			caPem: 'x',
			pfx: '?',
			proxyUrl: 'x',
		};
		expect(tried(() => toConnector(broken))).toBe('settings.invalid');
		expect(tried(() => toSendingProfile(broken, 'Ann'))).toMatchObject({
			name: 'Ann',
			identity: { fromAddress: 'ann@example.test' },
		});
	});
});
