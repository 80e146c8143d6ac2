import type { CredentialData } from '../tools/n8n/rest';
import type { MailServer } from './mail-server/mail-server';

/** The credential of one of the shop's accounts, as a user would fill it in for a server of the own network. */
export function toConnector(server: MailServer, user: string, fromName: string): CredentialData {
	const { imapPort, password } = server.mailbox(user);
	return {
		name: user,
		type: 'smtpImapApi',
		data: {
			emailService: 'other',
			useFor: 'both',
			enabled: true,
			incomingHost: server.host,
			incomingPort: imapPort,
			incomingSecurity: 'none',
			outgoingHost: server.host,
			outgoingPort: server.smtpPort,
			outgoingSecurity: 'none',
			authentication: 'userPassword',
			user,
			password,
			sameCredentials: true,
			primaryAddress: user,
			fromName,
		},
	};
}
