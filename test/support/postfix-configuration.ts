import type { PostfixOptions } from './postfix';

/** Where a started Postfix keeps its things, and its ports. */
export interface PostfixPlaces {
	readonly folder: string;
	readonly host: string;
	/** Clear text, with STARTTLS where the options allow it. */
	readonly smtpPort: number;
	/** TLS from the first byte. */
	readonly smtpsPort: number;
}

/** The text of `main.cf`. Nothing that this Postfix takes can leave the machine. */
export function toPostfixConfiguration(places: PostfixPlaces, options: PostfixOptions): string {
	const { folder } = places;
	const { dovecot } = options;
	const auth = options.auth ?? 'always';
	const tls = options.tls ?? true;
	const domains = new Set(dovecot.users.map(({ user }) => user.split('@')[1]));
	const asksCertificate =
		options.clientAuthorityPem !== undefined || options.relayCertificates !== undefined;
	const relay = [
		auth === 'never' ? '' : 'permit_sasl_authenticated',
		options.clientAuthorityPem === undefined ? '' : 'permit_tls_all_clientcerts',
		options.relayCertificates === undefined ? '' : 'permit_tls_clientcerts',
		options.relayCertificates === undefined
			? ''
			: 'check_recipient_access static:{550 5.7.64 TenantAttribution; Relay Access Denied}',
		options.openRelay ? 'permit_mynetworks' : '',
		'reject_unauth_destination',
	].filter(Boolean);
	const restricted = options.signInRequired ? [...relay.slice(0, -1), 'reject'] : [];
	return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file_prefixes = ${folder}
maillog_file = ${folder}/postfix.log
multi_instance_enable = no
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mail.example.test
mydestination =
alias_maps =
local_recipient_maps =
default_transport = discard:
relay_transport = discard:
virtual_mailbox_domains = ${[...domains].join(' ')}
virtual_mailbox_maps = texthash:${folder}/settings/recipients
virtual_transport = lmtp:inet:${dovecot.host}:${dovecot.lmtpPort}
disable_dns_lookups = yes
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
message_size_limit = ${options.messageSizeLimitBytes ?? 50 * 1024 * 1024}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
in_flow_delay = 0
strict_rfc821_envelopes = yes
smtpd_sasl_auth_enable = ${auth === 'never' ? 'no' : 'yes'}
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:${dovecot.host}:${dovecot.authPort}
smtpd_tls_auth_only = ${auth === 'withTls' ? 'yes' : 'no'}
smtpd_tls_security_level = ${tls ? 'may' : 'none'}
smtpd_tls_chain_files = ${folder}/settings/chain.pem
smtpd_tls_ask_ccert = ${asksCertificate ? 'yes' : 'no'}
smtpd_tls_fingerprint_digest = sha256
relay_clientcerts = texthash:${folder}/settings/relay-certificates
smtpd_tls_CAfile = ${options.clientAuthorityPem === undefined ? '' : `${folder}/settings/client-authority.pem`}
smtpd_relay_restrictions = ${relay.join(', ')}
smtpd_client_restrictions = ${restricted.join(', ')}
smtpd_delay_reject = yes
smtpd_sender_login_maps = texthash:${folder}/settings/senders
smtpd_sender_restrictions = ${options.onlyOwnSender ? 'reject_sender_login_mismatch' : ''}
smtpd_recipient_restrictions = check_recipient_access texthash:${folder}/settings/recipient-answers
`;
}

/** The text of `master.cf`: no service listens outside loopback or runs in a chroot. */
export function toPostfixServices(
	{ host, smtpPort, smtpsPort }: PostfixPlaces,
	tls: boolean,
): string {
	const smtps = `${host}:${smtpsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`;
	return `
${host}:${smtpPort} inet n - n - - smtpd
${tls ? smtps : ''}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
