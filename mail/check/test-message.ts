import type { Connector, GraphAccount, OutgoingServer, TlsPolicy } from '../connector';
import { toWhere } from '../drivers/net/endpoint';
import type { OutgoingMessage } from '../outgoing';

const securityNames = {
	tls: 'TLS',
	starttls: 'STARTTLS',
	starttlsIfOffered: 'STARTTLS if offered',
	none: 'no protection',
} as const;

/** The e-mail that proves a connector: it names what it came through. */
export function toTestMessage(
	connector: Connector,
	server: OutgoingServer | GraphAccount,
	to: string,
): OutgoingMessage {
	const { name, identity } = connector;
	const way =
		server.protocol === 'graph' ? toGraphRows(server) : toServerRows(server, connector.tls);
	const rows = [['Connector', name], ...way, ['From', identity.fromAddress]];
	return {
		from: { name: identity.fromName ?? '', address: identity.fromAddress },
		to: [{ name: '', address: to }],
		cc: [],
		bcc: [],
		replyTo: identity.replyTo === undefined ? [] : [{ name: '', address: identity.replyTo }],
		subject: 'Test e-mail of an n8n connector',
		text: [
			'This e-mail was sent by the test of an e-mail connector in n8n. Sending works.',
			'',
			...rows.map(([label, value]) => `${label}: ${value}`),
			'',
		].join('\n'),
		attachments: [],
		importance: 'normal',
		// RFC 3834, section 5: nobody's absence notice shall answer it.
		headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
	};
}

function toServerRows(server: OutgoingServer, { clientCertificate }: TlsPolicy): string[][] {
	const certificate = clientCertificate === undefined ? 'no sign-in' : 'client certificate';
	return [
		['Type', 'SMTP'],
		['Server', toWhere(server)],
		['Security', securityNames[server.security]],
		['Signed in as', server.login?.user ?? certificate],
	];
}

function toGraphRows({ origin, mailbox }: GraphAccount): string[][] {
	return [
		['Type', 'Microsoft Graph'],
		['Server', new URL(origin).host],
		['Security', securityNames.tls],
		['Mailbox', mailbox ?? 'of who signed in'],
	];
}
