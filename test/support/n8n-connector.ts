import type { CredentialData } from '../../tools/n8n/rest';
import type { Dovecot } from './dovecot';
import type { Postfix } from './postfix';

const TYPE = 'smtpImapApi';

export interface ConnectorServers {
	readonly dovecot: Dovecot;
	/** Absent: the connector is for incoming mail only. */
	readonly postfix?: Postfix;
	/** Default: the first user of Dovecot. */
	readonly user?: string;
}

/** A connector as a user of these servers would fill it in: TLS, their authority as CA certificate. */
export function toConnector(
	{ dovecot, postfix, user = dovecot.users[0]?.user ?? '' }: ConnectorServers,
	changes: CredentialData['data'] = {},
): CredentialData {
	const password = dovecot.users.find((known) => known.user === user)?.password ?? '';
	const outgoing =
		postfix === undefined
			? { useFor: 'incoming' }
			: {
					useFor: 'both',
					outgoingHost: postfix.host,
					outgoingPort: postfix.smtpsPort,
					outgoingSecurity: 'tls',
					authentication: 'userPassword',
					sameCredentials: true,
				};
	return {
		name: user,
		type: TYPE,
		data: {
			emailService: 'other',
			enabled: true,
			incomingHost: dovecot.host,
			incomingPort: dovecot.imapsPort,
			incomingSecurity: 'tls',
			user,
			password,
			primaryAddress: user,
			caPem: dovecot.caPem,
			connectionTimeoutMs: 5_000,
			...outgoing,
			...changes,
		},
	};
}
