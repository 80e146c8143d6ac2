import { toOAuth2Connector, toOAuth2Profile } from '../../../nodes/bridge/oauth2-connector';
import { ScriptedTokens } from '../../support/access-tokens';

const tokens = new ScriptedTokens('token');
const user = 'support@example.com';
const read = (data: object) => toOAuth2Connector({ user, ...data }, tokens);

describe('an SMTP/IMAP OAuth2 connector', () => {
	it.each([
		[{}, 'imap', 'imap.gmail.com', 993, 'smtp.gmail.com', 465],
		[{ incomingProtocol: 'pop3' }, 'pop3', 'pop.gmail.com', 995, 'smtp.gmail.com', 465],
		[{ provider: 'microsoft' }, 'imap', 'outlook.office365.com', 993, 'smtp.office365.com', 587],
		[
			{ provider: 'microsoft', cloud: 'china', incomingProtocol: 'pop3' },
			'pop3',
			'partner.outlook.cn',
			995,
			'smtp.partner.outlook.cn',
			587,
		],
	])('knows the servers of %j', (data, protocol, host, port, smtpHost, smtpPort) => {
		const login = { user, tokens };
		expect(read(data)).toMatchObject({
			incoming: { protocol, host, port, security: 'tls', login },
			outgoing: { host: smtpHost, port: smtpPort, login },
			identity: { primaryAddress: user },
		});
	});

	it('asks for the servers of others, and reads no password, certificate or additional mailbox', () => {
		const connector = read({
			provider: 'other',
			incomingHost: 'imap.example.com',
			outgoingHost: 'smtp.example.com',
			// n8n's own fields of OAuth2, and what a hand-made credential may hold.
			authentication: 'header',
			password: 'secret',
			additionalMailbox: 'another@example.com',
			sameCredentials: false,
			clientCertificate: true,
			emailService: 'gmailImap',
		});
		expect(connector.incoming).toMatchObject({ host: 'imap.example.com', login: { user, tokens } });
		expect(connector.outgoing).toMatchObject({ host: 'smtp.example.com', login: { user, tokens } });
		expect(connector.incoming).not.toHaveProperty('additionalMailbox', expect.anything());
		expect(connector.tls.clientCertificate).toBeUndefined();
		expect(() => read({ provider: 'other' })).toThrow(/Incoming Host/);
	});

	it('is for the chosen side alone', () => {
		expect(read({ useFor: 'incoming' }).outgoing).toBeUndefined();
		expect(read({ useFor: 'outgoing' }).incoming).toBeUndefined();
	});

	it('is refused where a field is wrong, which is named', () => {
		expect(() => toOAuth2Connector({}, tokens)).toThrow(/User/);
		expect(() => read({ provider: 'yahoo' })).toThrow(/provider must be one of/);
		expect(() => read({ cloud: 7 })).toThrow(/cloud must be one of/);
	});

	it('has a profile without servers', () => {
		expect(toOAuth2Profile({ user, provider: 'other', fromName: 'Support' }, 'Mine')).toMatchObject(
			{
				name: 'Mine',
				identity: { primaryAddress: user, fromName: 'Support' },
			},
		);
	});
});
