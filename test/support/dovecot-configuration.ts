import type { DovecotOptions, TokenCheck } from './dovecot';

/** Where a started Dovecot keeps its things, and its ports. */
export interface DovecotPlaces {
	readonly folder: string;
	readonly host: string;
	readonly imapPort: number;
	readonly imapsPort: number;
	readonly pop3Port: number;
	readonly pop3sPort: number;
	readonly lmtpPort: number;
	readonly authPort: number;
}

/** Whom the mail belongs to; `self`: our own names, where we are not root. */
export interface DovecotAccount {
	readonly uid: number;
	readonly gid: number;
	readonly self?: { readonly user: string; readonly group: string };
}

/** Special-use folders (RFC 6154) that every mailbox starts with. */
const SPECIAL_FOLDERS = ['Sent', 'Drafts', 'Trash', 'Junk', 'Archive'];

/** The text of `dovecot.conf`. */
export function toDovecotConfiguration(
	places: DovecotPlaces,
	options: DovecotOptions,
	account: DovecotAccount,
): string {
	const { folder, host, imapPort, imapsPort, pop3Port, pop3sPort, lmtpPort, authPort } = places;
	const tls = options.tls ?? true;
	// Root gives every service its own user and a chroot; an ordinary user can do neither.
	const unprivileged = account.self
		? `default_internal_user = ${account.self.user}
default_internal_group = ${account.self.group}
default_login_user = ${account.self.user}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service pop3-login {
  chroot =
}`
		: '';
	return `
base_dir = ${folder}/run
state_dir = ${folder}/state
instance_name = ${folder.split('/').at(-1)}
log_path = ${folder}/dovecot.log
protocols = imap pop3 lmtp
listen = ${host}
${unprivileged}
auth_mechanisms = plain login${options.tokenCheck ? ' xoauth2 oauthbearer' : ''}
auth_verbose = yes
auth_failure_delay = ${options.authFailureDelaySeconds ?? 0} secs
disable_plaintext_auth = ${options.plaintextAuth === false ? 'yes' : 'no'}
mail_fsync = never
first_valid_uid = ${account.uid}
mail_uid = ${account.uid}
mail_gid = ${account.gid}
mail_home = ${folder}/mail/%u
mail_location = maildir:~/Maildir
mail_max_userip_connections = ${options.connectionsPerUser ?? 10}
ssl = ${tls ? 'yes' : 'no'}
${tls ? tlsSettings(folder, options) : ''}
${passwordDatabases(folder, options)}
${tokenDatabases(folder, options)}
userdb {
  driver = static
  args = uid=${account.uid} gid=${account.gid} home=${folder}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
${SPECIAL_FOLDERS.map(specialFolder).join('\n')}
${(options.readOnlyFolders ?? []).map(createdFolder).join('\n')}
}
protocol imap {
  ${options.capabilities === undefined ? '' : `imap_capability = ${options.capabilities}`}
  mail_plugins = ${options.readOnlyFolders || options.hiddenFolders ? 'acl imap_acl' : ''}
}
plugin {
  acl = vfile:${folder}/acl
  acl_user = %u
}
service imap-login {
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = ${tls ? imapsPort : 0}
    ssl = yes
  }
}
service imap {
  process_limit = ${options.imapProcesses ?? 200}
}
protocol pop3 {
  pop3_lock_session = ${options.pop3Lock === true ? 'yes' : 'no'}
}
service pop3-login {
  service_count = 0
  inet_listener pop3 {
    port = ${pop3Port}
  }
  inet_listener pop3s {
    port = ${tls ? pop3sPort : 0}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtpPort}
  }
}
service auth {
  inet_listener auth {
    port = ${authPort}
  }
}
service anvil {
  # Without this socket failed sign-ins do not slow down the next ones from the same address.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`;
}

function tlsSettings(folder: string, options: DovecotOptions): string {
	const settings = [
		`ssl_cert = <${folder}/certificate.pem`,
		`ssl_key = <${folder}/key.pem`,
		'ssl_min_protocol = TLSv1.2',
	];
	if (options.clientAuthorityPem !== undefined) {
		settings.push(
			`ssl_ca = <${folder}/client-authority.pem`,
			'ssl_require_crl = no',
			'ssl_verify_client_cert = yes',
			'auth_ssl_require_client_cert = yes',
		);
	}
	return settings.join('\n');
}

function passwordDatabases(folder: string, options: DovecotOptions): string {
	const users = `passdb {
  driver = passwd-file
  args = ${folder}/users
}`;
	if (!options.masterUsers) return users;
	// SASL PLAIN's authorisation identity: the login of the one opens the mailbox of the other.
	return `passdb {
  driver = passwd-file
  args = ${folder}/masters
  master = yes
  result_success = continue
}
${users}`;
}

/** One for each mailbox: Dovecot does not tell the checker whom its client wants to be. */
function tokenDatabases(folder: string, options: DovecotOptions): string {
	if (options.tokenCheck === undefined) return '';
	return (options.users ?? [])
		.map(
			({ user }) => `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  username_filter = ${user}
  args = ${folder}/${tokenSettingsName(user)}
}`,
		)
		.join('\n');
}

export function tokenSettingsName(user: string): string {
	return `token-${user}.conf`;
}

/** https://doc.dovecot.org/2.3/configuration_manual/authentication/oauth2/ */
export function toTokenSettings(folder: string, user: string, check: TokenCheck): string {
	return `introspection_mode = auth
introspection_url = ${check.introspectionUrl}/${encodeURIComponent(user)}
username_attribute = username
active_attribute = active
active_value = true
tls_ca_cert_file = ${folder}/token-authority.pem
`;
}

function specialFolder(name: string): string {
	return `  mailbox ${name} {
    special_use = \\${name}
    auto = subscribe
  }`;
}

function createdFolder(path: string): string {
	return `  mailbox "${path}" {
    auto = create
  }`;
}
