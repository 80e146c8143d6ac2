import type { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Certificate } from './certificate';

export interface ReceivedMail {
	readonly from: string;
	readonly to: readonly string[];
	/** The bytes between DATA and the dot, dot-stuffing undone. */
	readonly raw: Buffer;
	/** Number of the connection it came on, from 1. */
	readonly connection: number;
	readonly user?: string;
	readonly mailParameters: Readonly<Record<string, unknown>>;
}

/**
 * How the sink answers: nothing (it accepts), a reply with its code (`550 5.1.1 No such user`), `drop` (the
 * connection is cut) or `silence` (no answer ever).
 */
export type Answer = string | undefined;
/** `data`: before the mail is taken; `reply`: it has been taken, and is to be answered. */
export type Step = 'connect' | 'signIn' | 'mailFrom' | 'recipient' | 'data' | 'reply';

/** What a step is about: the user, the address, or the subject of the mail. */
export type Behaviour = (about: string, connection: number) => Answer;

export interface SinkOptions {
	/** User name to password, or to access token for XOAUTH2. Absent: AUTH is not offered. */
	readonly users?: Readonly<Record<string, string>>;
	/** Mechanisms offered; default PLAIN and LOGIN. */
	readonly mechanisms?: readonly string[];
	/** `tls`: from the first byte; `starttls`: offered; default none. */
	readonly protection?: 'tls' | 'starttls';
	readonly certificate?: Certificate;
	/** Announced by EHLO as SIZE; not enforced. */
	readonly announcedSizeBytes?: number;
	/** The content is counted and thrown away: for mails that are too large to be kept. */
	readonly discardsContent?: boolean;
	readonly hiddenExtensions?: ReadonlyArray<'PIPELINING' | 'SMTPUTF8' | '8BITMIME'>;
	readonly requireClientCertificate?: boolean;
}

/** An SMTP server in this process that keeps what it gets. Its behaviour may be changed at any time. */
export interface SmtpSink {
	readonly host: string;
	readonly port: number;
	readonly mails: readonly ReceivedMail[];
	/** Connections ever made, and the most that were open at once. */
	readonly connections: number;
	readonly peakConnections: number;
	readonly openConnections: number;
	/** Every attempt to sign in, right or wrong. */
	readonly signIns: number;
	/** Commands that reached the server, in order: `mailFrom a@x`, `recipient b@x`, `data`. */
	readonly steps: readonly string[];
	behave(step: Step, behaviour: Behaviour | undefined): void;
	/** How long the answer to a whole message takes, in ms. */
	delayData(delayMs: number): void;
	close(): Promise<void>;
}

export async function startSmtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
	const behaviours = new Map<Step, Behaviour>();
	const mails: ReceivedMail[] = [];
	const steps: string[] = [];
	const sockets = new Map<number, { socket: Socket; number: number }>();
	let connections = 0;
	let peakConnections = 0;
	let signIns = 0;
	let dataDelayMs = 0;

	const numberOf = (port: number) => sockets.get(port)?.number ?? 0;
	const answer = (
		step: Step,
		about: string,
		port: number,
		accept: () => void,
		refuse: (error: Error) => void,
	) => {
		steps.push(`${step} ${about}`.trim());
		const given = behaviours.get(step)?.(about, numberOf(port));
		if (given === undefined) return accept();
		if (given === 'silence') return;
		if (given === 'drop') return void sockets.get(port)?.socket.destroy();
		const responseCode = Number(given.slice(0, 3));
		refuse(Object.assign(new Error(given.slice(4)), { responseCode }));
	};

	const settings: SMTPServerOptions = {
		logger: false,
		disableReverseLookup: true,
		authOptional: options.users === undefined,
		authMethods: [...(options.mechanisms ?? ['PLAIN', 'LOGIN'])],
		allowInsecureAuth: true,
		closeTimeout: 50,
		secure: options.protection === 'tls',
		...(options.certificate && {
			key: options.certificate.keyPem,
			cert: options.certificate.certificatePem,
			// In TLS 1.3 a client may be gone before the server is done; smtp-server 3.21 then asks the dead socket
			// for its protocol, which ends Node 20 with a segmentation fault.
			maxVersion: 'TLSv1.2',
		}),
		...(options.requireClientCertificate && { requestCert: true, rejectUnauthorized: false }),
		disabledCommands: [
			...(options.users === undefined ? ['AUTH'] : []),
			...(options.protection === 'starttls' ? [] : ['STARTTLS']),
		],
		hidePIPELINING: options.hiddenExtensions?.includes('PIPELINING'),
		hideSMTPUTF8: options.hiddenExtensions?.includes('SMTPUTF8'),
		hide8BITMIME: options.hiddenExtensions?.includes('8BITMIME'),
		size: options.announcedSizeBytes,
		onConnect: (session, done) => {
			answer('connect', '', session.remotePort, () => done(), done);
		},
		onAuth: (auth, session, done) => {
			signIns++;
			const user = auth.username ?? '';
			const isXoauth2 = auth.method === 'XOAUTH2';
			const right = options.users?.[user] === (isXoauth2 ? auth.accessToken : auth.password);
			answer(
				'signIn',
				user,
				session.remotePort,
				() =>
					right || isXoauth2
						? done(null, right ? { user } : { data: { status: '401', schemes: 'bearer' } })
						: done(
								Object.assign(new Error('5.7.8 Authentication credentials invalid'), {
									responseCode: 535,
								}),
							),
				done,
			);
		},
		onMailFrom: ({ address }, session, done) => {
			answer('mailFrom', address, session.remotePort, () => done(), done);
		},
		onRcptTo: ({ address }, session, done) => {
			answer('recipient', address, session.remotePort, () => done(), done);
		},
		onData: (stream, session, done) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => {
				if (options.discardsContent !== true) chunks.push(chunk);
			});
			stream.on('end', () => {
				const raw = Buffer.concat(chunks);
				const subject = /^subject: (.*)$/im.exec(raw.toString('latin1'))?.[1]?.trim() ?? '';
				const { mailFrom, rcptTo } = session.envelope;
				const keep = () => {
					mails.push({
						raw,
						from: mailFrom === false ? '' : mailFrom.address,
						to: rcptTo.map(({ address }) => address),
						connection: numberOf(session.remotePort),
						user: session.user,
						mailParameters: mailFrom === false ? {} : { ...Object(mailFrom.args) },
					});
					const reply = () => answer('reply', subject, session.remotePort, () => done(), done);
					if (dataDelayMs === 0) reply();
					else setTimeout(reply, dataDelayMs);
				};
				answer('data', subject, session.remotePort, keep, done);
			});
		},
	};
	const server = new SMTPServer(settings);
	server.on('error', () => undefined);
	server.server.on('connection', (socket: Socket) => {
		const port = socket.remotePort ?? 0;
		connections++;
		sockets.set(port, { socket, number: connections });
		peakConnections = Math.max(peakConnections, sockets.size);
		socket.on('close', () => sockets.delete(port));
		socket.on('error', () => undefined);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.server.address() as AddressInfo;
	return {
		host: '127.0.0.1',
		port,
		mails,
		steps,
		get connections() {
			return connections;
		},
		get peakConnections() {
			return peakConnections;
		},
		get openConnections() {
			return sockets.size;
		},
		get signIns() {
			return signIns;
		},
		behave: (step, behaviour) => {
			if (behaviour === undefined) behaviours.delete(step);
			else behaviours.set(step, behaviour);
		},
		delayData: (delayMs) => {
			dataDelayMs = delayMs;
		},
		close: async () => {
			for (const { socket } of sockets.values()) socket.destroy();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
