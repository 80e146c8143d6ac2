import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { certificateAuthority, signedCertificate, type Certificate } from './certificate';
import {
	toDovecotConfiguration,
	toTokenSettings,
	tokenSettingsName,
	type DovecotAccount,
	type DovecotPlaces,
} from './dovecot-configuration';
import { findFreePorts } from '../../tools/free-port';
import { requireProgram } from './installed-program';
import { startServerProcess, type ServerProcess } from './server-process';

export interface MailUser {
	/** An address; also the name to sign in with. */
	readonly user: string;
	readonly password: string;
}

export interface DovecotOptions {
	/** Default: support@example.test and billing@example.test. */
	readonly users?: readonly MailUser[];
	/** Default: signed by `certificateAuthority` for `host`. */
	readonly certificate?: Certificate;
	/** False: neither STARTTLS nor IMAPS. */
	readonly tls?: boolean;
	/**
	 * False: LOGINDISABLED before TLS. The server then listens on 127.0.0.2, because Dovecot counts a connection
	 * between equal addresses as protected.
	 */
	readonly plaintextAuth?: boolean;
	/** Offers XOAUTH2 and OAUTHBEARER too. */
	readonly tokenCheck?: TokenCheck;
	/** Only clients with a certificate of this authority may sign in. */
	readonly clientAuthorityPem?: string;
	/** Folders that everybody may only read. They are created. */
	readonly readOnlyFolders?: readonly string[];
	/** Folders that nobody may see, INBOX for instance. */
	readonly hiddenFolders?: readonly string[];
	/** May open other users' mailboxes through SASL PLAIN's authorisation identity. */
	readonly masterUsers?: readonly MailUser[];
	/** `mail_max_userip_connections`, default 10. */
	readonly connectionsPerUser?: number;
	/** How long a wrong password is left without an answer, default 0. */
	readonly authFailureDelaySeconds?: number;
	/** What the server says it can do after the sign-in (`imap_capability`); it can all the same. */
	readonly capabilities?: string;
	/** A POP3 session keeps other sessions out of the maildrop, as RFC 1939 wants it. */
	readonly pop3Lock?: boolean;
	/** Upper limit of signed-in connections of all users together, default 200. */
	readonly imapProcesses?: number;
}

/** Who says whether an access token is good, and for whom. */
export interface TokenCheck {
	/** RFC 7662; asked at `<url>/<mailbox>` with the token in Authorization. */
	readonly introspectionUrl: string;
	readonly authorityPem: string;
}

export interface SimpleMail {
	readonly from: string;
	readonly to?: string;
	readonly subject: string;
	readonly text?: string;
	readonly html?: string;
}

/** A running Dovecot with configuration, mail and log in a temporary folder of its own. */
export interface Dovecot extends DovecotPlaces {
	readonly users: readonly MailUser[];
	/** The authority that signed the server's certificate. */
	readonly caPem: string;
	readonly certificate: Certificate;
	/**
	 * Puts a mail into INBOX through LMTP; resolves when the server has answered 250. `sender` is that of the envelope;
	 * bytes have none unless it is given.
	 */
	deliver(user: string, mail: string | Buffer | SimpleMail, sender?: string): Promise<void>;
	/** IMAP APPEND; the folder must exist. Returns the UID. */
	append(
		user: string,
		folder: string,
		source: string | Buffer,
		flags?: readonly string[],
	): Promise<number>;
	/** The raw messages of a folder as they lie on disk, oldest first. */
	messages(user: string, folder?: string): Promise<string[]>;
	/** `messages`, as soon as there are `count` of them. Throws after 10 s. */
	waitForMessages(user: string, count: number, folder?: string): Promise<string[]>;
	/** The user's Maildir++ folder on disk. */
	maildir(user: string): string;
	/** Every sign-in that was tried, in order. */
	logins(): Promise<Array<{ readonly user: string; readonly ok: boolean }>>;
	logText(): Promise<string>;
	/** The server keeps its connections and answers nothing. */
	pause(): void;
	resume(): void;
	/** Drops every connection; ports and mail stay. `whileDown` runs before the server comes up again. */
	restart(whileDown?: () => Promise<void>): Promise<void>;
	stop(): Promise<void>;
}

const DEFAULT_USERS: readonly MailUser[] = [
	{ user: 'support@example.test', password: 'support-password' },
	{ user: 'billing@example.test', password: 'billing-password' },
];

/** Dovecot gives mail to an ordinary account only; root's servers use this one (`nobody`). */
const MAIL_UID = 65534;

const ARRIVAL_MS = 10_000;
const LOOK_AGAIN_MS = 20;

export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
	const program = requireProgram('dovecot', 'dovecot-imapd, dovecot-pop3d and dovecot-lmtpd');
	const host = options.plaintextAuth === false ? '127.0.0.2' : '127.0.0.1';
	const users = options.users ?? DEFAULT_USERS;
	const certificate = options.certificate ?? (await signedCertificate());
	const [imapPort = 0, imapsPort = 0, pop3Port = 0, pop3sPort = 0, lmtpPort = 0, authPort = 0] =
		await findFreePorts(6, host);
	// Not below a long TMPDIR: the server's sockets lie here, and their paths may have 107 characters.
	const folder = await mkdtemp('/tmp/dovecot-');
	const places: DovecotPlaces = {
		folder,
		host,
		imapPort,
		imapsPort,
		pop3Port,
		pop3sPort,
		lmtpPort,
		authPort,
	};
	await writeSettings(places, { ...options, users, certificate });

	const start = async (): Promise<ServerProcess> =>
		await startServerProcess({
			program,
			args: ['-F', '-c', join(folder, 'dovecot.conf')],
			host,
			ports: [imapPort, pop3Port, lmtpPort],
			log: async () => await readFile(join(folder, 'dovecot.log'), 'utf8').catch(() => ''),
		});
	let server = await start().catch(async (error: unknown) => {
		await rm(folder, { recursive: true, force: true });
		throw error;
	});
	let lmtp = openLmtp(host, lmtpPort);

	const maildir = (user: string): string => join(folder, 'mail', user, 'Maildir');
	const logText = async (): Promise<string> => await readFile(join(folder, 'dovecot.log'), 'utf8');

	const messages = async (user: string, path = 'INBOX'): Promise<string[]> =>
		await readMaildir(join(maildir(user), path === 'INBOX' ? '' : `.${path.replaceAll('/', '.')}`));

	return {
		...places,
		users,
		certificate,
		caPem: (await certificateAuthority()).certificatePem,
		maildir,
		logText,
		logins: async () => toLogins(await logText()),
		pause: () => server.signal('SIGSTOP'),
		resume: () => server.signal('SIGCONT'),

		deliver: async (user, mail, sender) => {
			const from = sender ?? (typeof mail === 'string' || Buffer.isBuffer(mail) ? '' : mail.from);
			const content =
				typeof mail === 'string' || Buffer.isBuffer(mail) ? { raw: mail } : { to: user, ...mail };
			await lmtp.sendMail({ ...content, envelope: { from, to: [user] } });
		},

		append: async (user, path, source, flags = []) => {
			const password = users.find((known) => known.user === user)?.password ?? '';
			const client = new ImapFlow({
				host,
				...(options.tls === false
					? { port: imapPort, secure: false, doSTARTTLS: false }
					: { port: imapsPort, secure: true, tls: { rejectUnauthorized: false } }),
				auth: { user, pass: password },
				logger: false,
			});
			await client.connect();
			try {
				const appended = await client.append(path, source, [...flags]);
				if (!appended || appended.uid === undefined) throw new Error(`APPEND to ${path} failed`);
				return appended.uid;
			} finally {
				await client.logout();
			}
		},

		messages,

		waitForMessages: async (user, count, path) => {
			const deadline = Date.now() + ARRIVAL_MS;
			for (;;) {
				const found = await messages(user, path);
				if (found.length >= count) return found;
				if (Date.now() > deadline) throw new Error(`${found.length} of ${count} mails arrived`);
				await sleep(LOOK_AGAIN_MS);
			}
		},

		restart: async (whileDown) => {
			lmtp.close();
			await server.stop();
			await whileDown?.();
			server = await start();
			lmtp = openLmtp(host, lmtpPort);
		},

		stop: async () => {
			lmtp.close();
			await server.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function findAccount(): Promise<DovecotAccount> {
	const { uid, gid, username } = userInfo();
	if (uid === 0) return { uid: MAIL_UID, gid: MAIL_UID };
	const { stdout } = await promisify(execFile)('id', ['-gn']);
	return { uid, gid, self: { user: username, group: stdout.trim() } };
}

async function writeSettings(
	places: DovecotPlaces,
	options: DovecotOptions & {
		readonly users: readonly MailUser[];
		readonly certificate: Certificate;
	},
): Promise<void> {
	const { folder } = places;
	const account = await findAccount();
	await chmod(folder, 0o755);
	await mkdir(join(folder, 'mail'));
	await chown(join(folder, 'mail'), account.uid, account.gid);
	const write = async (name: string, content: string): Promise<void> =>
		await writeFile(join(folder, name), content);
	await write('users', toPasswordFile(options.users));
	if (options.tokenCheck !== undefined) {
		await write('token-authority.pem', options.tokenCheck.authorityPem);
		for (const { user } of options.users) {
			await write(tokenSettingsName(user), toTokenSettings(folder, user, options.tokenCheck));
		}
	}
	await write('masters', toPasswordFile(options.masterUsers ?? []));
	await write('certificate.pem', options.certificate.certificatePem);
	await write('key.pem', options.certificate.keyPem);
	await write('client-authority.pem', options.clientAuthorityPem ?? '');
	// RFC 4314: look up, read; no other right, so SELECT answers READ-ONLY.
	const readOnly = (options.readOnlyFolders ?? []).map((path) => `${path} owner lr\n`);
	const hidden = (options.hiddenFolders ?? []).map((path) => `${path} owner p\n`);
	await write('acl', [...readOnly, ...hidden].join(''));
	await write('dovecot.conf', toDovecotConfiguration(places, options, account));
}

/** Oldest first: Maildir names start with the time of arrival, `<seconds>.M<microseconds>P<process>`. */
async function readMaildir(folder: string): Promise<string[]> {
	const states = ['new', 'cur'].map(async (state) => {
		const names = await readdir(join(folder, state)).catch(() => []);
		return names.map((name) => ({ arrivedAt: toArrival(name), path: join(folder, state, name) }));
	});
	const files = (await Promise.all(states)).flat().sort((a, b) => a.arrivedAt - b.arrivedAt);
	return await Promise.all(files.map(async ({ path }) => await readFile(path, 'utf8')));
}

/** In microseconds. Names do not sort as text: the microseconds have no leading zeros. */
function toArrival(name: string): number {
	const [, seconds = 0, microseconds = 0] = /^(\d+)\.M(\d+)/.exec(name) ?? [];
	return Number(seconds) * 1_000_000 + Number(microseconds);
}

function toPasswordFile(users: readonly MailUser[]): string {
	return users.map(({ user, password }) => `${user}:{PLAIN}${password}::::::\n`).join('');
}

function openLmtp(host: string, port: number): ReturnType<typeof createTransport> {
	return createTransport({
		host,
		port,
		lmtp: true,
		ignoreTLS: true,
		pool: true,
		maxConnections: 2,
	});
}

/** Reads `auth_verbose` lines: one per sign-in, whatever the client did afterwards. */
function toLogins(log: string): Array<{ user: string; ok: boolean }> {
	const logins: Array<{ user: string; ok: boolean }> = [];
	for (const line of log.split('\n')) {
		const accepted = /(?:imap|pop3)-login: Info: Login: user=<([^>]*)>/.exec(line);
		const refused = /auth: Info: passwd-file\(([^,)]*).*(?:password mismatch|unknown user)/i.exec(
			line,
		);
		const user = accepted?.[1] ?? refused?.[1];
		if (user !== undefined) logins.push({ user, ok: accepted !== null });
	}
	return logins;
}
