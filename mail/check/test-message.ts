import type { Connector, OutgoingServer } from '../connector';
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
	{ name, identity, tls }: Connector,
	server: OutgoingServer,
	to: string,
): OutgoingMessage {
	const certificate = tls.clientCertificate === undefined ? 'no sign-in' : 'client certificate';
	const rows = [
		['Connector', name],
		['Type', 'SMTP'],
		['Server', toWhere(server)],
		['Security', securityNames[server.security]],
		['Signed in as', server.login?.user ?? certificate],
		['From', identity.fromAddress],
	];
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
