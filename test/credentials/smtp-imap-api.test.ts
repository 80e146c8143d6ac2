import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';
import { SmtpImapApi } from '../../credentials/SmtpImapApi.credentials';
import { emailServices } from '../../mail/service-preset';
import { toConnector } from '../../nodes/bridge/connector';
import { fieldLabels, type ConnectorField } from '../../nodes/bridge/connector-data';

const { properties, icon } = new SmtpImapApi();

/** What n8n gives to the credential's test and to nodes: visible fields, with their defaults. */
function toVisible(values: INodeParameters): INodeParameters {
	return NodeHelpers.getNodeParameters(properties, values, true, false, null, null) ?? {};
}

/** Every value of every field that others depend on. */
const choices = {
	emailService: emailServices,
	useFor: ['both', 'incoming', 'outgoing'],
	incomingProtocol: ['imap', 'pop3'],
	authentication: ['none', 'userPassword', 'certificate'],
	relayAuthentication: ['none', 'certificate'],
	sameCredentials: [true, false],
	clientCertificate: [true, false],
};
const combinations = Object.entries(choices).reduce<INodeParameters[]>(
	(sets, [name, values]) =>
		sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
	[{}],
);

const everyField: Partial<Record<ConnectorField, string>> = {
	incomingHost: 'imap.example.com',
	outgoingHost: 'smtp.example.com',
	user: 'a@example.com',
	password: 'secret',
	outgoingUser: 'b@example.com',
	outgoingPassword: 'secret',
	pfx: 'MIIK',
	primaryAddress: 'a@example.com',
};

describe('the form of the SMTP/IMAP connector', () => {
	it('calls its fields as errors do', () => {
		const labels = new Map(properties.map(({ name, displayName }) => [name, displayName]));
		for (const [name, label] of Object.entries(fieldLabels)) {
			expect([name, labels.get(name)]).toEqual([name, label]);
		}
		const known = properties
			.filter(({ type }) => type !== 'notice' && type !== 'hidden')
			.map(({ name }) => name);
		expect(known.filter((name) => !(name in fieldLabels))).toEqual([]);
	});

	it('has one default for all fields of a name: the editor takes that of the first', () => {
		const defaults = new Map(properties.map((property) => [property.name, property.default]));
		for (const property of properties.filter(({ type }) => type !== 'notice')) {
			expect([property.name, property.default]).toEqual([
				property.name,
				defaults.get(property.name),
			]);
		}
	});

	it('shows each field at most once in every combination of choices', () => {
		for (const values of combinations) {
			const shown = properties
				.filter((property) => NodeHelpers.displayParameter(values, property, null, null))
				.map(({ name }) => name);
			expect(new Set(shown).size).toBe(shown.length);
		}
	});

	it('hides every field of the unused side', () => {
		const incoming = [
			...['incomingProtocol', 'incomingHost', 'incomingPort', 'pop3Port'],
			...['incomingSecurity', 'additionalMailbox'],
		];
		const outgoing = [
			...['outgoingHost', 'outgoingPort', 'outgoingSecurity', 'authentication', 'sameCredentials'],
			...[
				'outgoingUser',
				'outgoingPassword',
				'fromName',
				'fromAddress',
				'replyTo',
				'signatureText',
			],
			...['signatureHtml', 'sentCopy', 'testAddress', 'messagesPerSecond', 'parallelConnections'],
		];
		for (const values of combinations) {
			const visible = Object.keys(toVisible(values));
			const relay = values['emailService'] === 'office365Relay';
			if (values['useFor'] === 'incoming' && !relay) {
				expect(visible.filter((name) => outgoing.includes(name))).toEqual([]);
			}
			if (values['useFor'] === 'outgoing' || relay) {
				expect(visible.filter((name) => incoming.includes(name))).toEqual([]);
			}
		}
	});

	it('asks for servers only where the service does not bring them', () => {
		for (const values of combinations) {
			const visible = Object.keys(toVisible(values)).filter((name) =>
				/(Host|Port|Security)$/.test(name),
			);
			if (values['emailService'] === 'office365Relay') expect(visible).toEqual(['outgoingHost']);
			else if (values['emailService'] !== 'other') expect(visible).toEqual([]);
			else expect(visible).toHaveLength(values['useFor'] === 'both' ? 6 : 3);
		}
	});

	it('shows every field that the connector needs, in every combination', () => {
		for (const values of combinations) {
			const connector = toConnector(toVisible({ ...everyField, ...values }));
			// Stale values of hidden fields make no difference.
			expect(toConnector({ ...everyField, ...values })).toEqual(connector);
		}
		// Thousands of combinations.
	}, 30_000);

	it('offers a copy to the Sent folder only where there may be one', () => {
		for (const values of combinations) {
			const { incoming } = toConnector({ ...values, ...everyField });
			const isOffered = 'sentCopy' in toVisible(values);
			expect(isOffered).toBe(incoming?.protocol === 'imap' && values['useFor'] === 'both');
		}
	});

	it('stores every secret as one', () => {
		const isSecret = ({ typeOptions }: INodeProperties) => typeOptions?.password === true;
		expect([...new Set(properties.filter(isSecret).map(({ name }) => name))].sort()).toEqual(
			['globalConnector', 'outgoingPassword', 'password', 'pfx', 'pfxPassword', 'proxyUrl'].sort(),
		);
	});

	it('never gives the place of the global connector away, whatever a user stores', () => {
		const globalConnector = '{"password":"secret"}';
		const tricks = ['={{ 1 }}', 1, '@version', ['=1']];
		for (const values of [
			{ '@version': 1, typeVersion: 1 },
			...properties.flatMap(({ name }) => tricks.map((trick) => ({ [name]: trick }))),
		]) {
			expect(toVisible({ ...values, globalConnector })).not.toHaveProperty('globalConnector');
		}
	});

	it('says of a known service what people stumble over there', () => {
		const notices = properties.filter(({ type }) => type === 'notice');
		const shown = (emailService: string) =>
			notices.filter((notice) =>
				NodeHelpers.displayParameter({ emailService }, notice, null, null),
			);
		for (const service of emailServices)
			expect(shown(service)).toHaveLength(service === 'other' ? 0 : 1);
	});

	it('has its icons', () => {
		for (const file of [icon.light, icon.dark]) {
			const path = join(__dirname, '../../credentials', file.replace('file:', ''));
			expect(readFileSync(path, 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
		}
	});
});
