import { mkdir, mkdtemp, chmod, chown, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { signedCertificate, certificateAuthority, type Certificate } from './certificate';
import type { Dovecot } from './dovecot';
import { findFreePorts } from '../../tools/free-port';
import { requireProgram } from './installed-program';
import {
	toPostfixConfiguration,
	toPostfixServices,
	type PostfixPlaces,
} from './postfix-configuration';
import { startServerProcess } from './server-process';

export interface PostfixOptions {
	/** Knows the users, checks their passwords and takes their mail. */
	readonly dovecot: Dovecot;
	/** Default: signed by `certificateAuthority` for `host`. */
	readonly certificate?: Certificate;
	/** False: neither STARTTLS nor the TLS port. */
	readonly tls?: boolean;
	/** When AUTH is offered. Default `always`. */
	readonly auth?: 'always' | 'withTls' | 'never';
	/** Every mail needs a sign-in, also one to the server's own users. */
	readonly signInRequired?: boolean;
	/** Takes mail for any domain without sign-in, and drops it. */
	readonly openRelay?: boolean;
	/** Clients with a certificate of this authority may send without sign-in. */
	readonly clientAuthorityPem?: string;
	/**
	 * Fingerprints (SHA-256, 64 lower-case hex digits) of the client certificates that may relay; all others are refused as
	 * Exchange Online does.
	 */
	readonly relayCertificates?: readonly string[];
	/** A user may send from the own address only. */
	readonly onlyOwnSender?: boolean;
	/** Address to the answer it gets, `550 5.7.1 No`. */
	readonly recipientAnswers?: Readonly<Record<string, string>>;
	readonly messageSizeLimitBytes?: number;
}

/**
 * A running Postfix. Mail to Dovecot's users goes into their INBOX, mail to other domains (sign-in needed) is
 * accepted and dropped, other recipients of Dovecot's domains are rejected.
 */
export interface Postfix extends PostfixPlaces {
	/** The authority that signed the server's certificate. */
	readonly caPem: string;
	readonly certificate: Certificate;
	logText(): Promise<string>;
	/** The server keeps its connections and answers nothing. */
	pause(): void;
	resume(): void;
	stop(): Promise<void>;
}

export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
	const program = requireProgram('postfix', 'postfix');
	if (userInfo().uid !== 0) throw new Error('These tests start Postfix, which only root can do.');
	const host = '127.0.0.1';
	const certificate = options.certificate ?? (await signedCertificate());
	const [smtpPort = 0, smtpsPort = 0] = await findFreePorts(2, host);
	const folder = await mkdtemp('/tmp/postfix-');
	const places: PostfixPlaces = { folder, host, smtpPort, smtpsPort };
	const logText = async (): Promise<string> =>
		await readFile(join(folder, 'postfix.log'), 'utf8').catch(() => '');
	try {
		await writeSettings(places, options, certificate);
		const server = await startServerProcess({
			program,
			args: ['-c', join(folder, 'settings'), 'start-fg'],
			host,
			ports: options.tls === false ? [smtpPort] : [smtpPort, smtpsPort],
			log: logText,
			pidFile: join(folder, 'queue', 'pid', 'master.pid'),
		});
		return {
			...places,
			certificate,
			caPem: (await certificateAuthority()).certificatePem,
			logText,
			pause: () => server.signal('SIGSTOP'),
			resume: () => server.signal('SIGCONT'),
			stop: async () => {
				await server.stop();
				await rm(folder, { recursive: true, force: true });
			},
		};
	} catch (error) {
		await rm(folder, { recursive: true, force: true });
		throw error;
	}
}

async function writeSettings(
	places: PostfixPlaces,
	options: PostfixOptions,
	certificate: Certificate,
): Promise<void> {
	const { folder } = places;
	const write = async (name: string, content: string): Promise<void> =>
		await writeFile(join(folder, 'settings', name), content);
	// Postfix's own account has to pass through to queue and data.
	await chmod(folder, 0o755);
	await mkdir(join(folder, 'settings'));
	await mkdir(join(folder, 'queue'));
	await mkdir(join(folder, 'data'));
	const { stdout } = await promisify(execFile)('id', ['-u', 'postfix']);
	await chown(join(folder, 'data'), Number(stdout), 0);
	await write('chain.pem', certificate.keyPem + certificate.certificatePem);
	await write('client-authority.pem', options.clientAuthorityPem ?? '');
	const users = options.dovecot.users.map(({ user }) => `${user} ${user}\n`).join('');
	await write('recipients', users);
	await write('senders', users);
	const answers = Object.entries(options.recipientAnswers ?? {});
	await write('recipient-answers', answers.map((pair) => `${pair.join(' ')}\n`).join(''));
	const relays = (options.relayCertificates ?? []).map(
		(digits) => `${digits.toUpperCase().replace(/..(?!$)/g, '$&:')} relay\n`,
	);
	await write('relay-certificates', relays.join(''));
	await write('main.cf', toPostfixConfiguration(places, options));
	await write('master.cf', toPostfixServices(places, options.tls ?? true));
}
