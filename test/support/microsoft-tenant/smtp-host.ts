import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { signedCertificate } from '../certificate';
import type { User } from './directory/user';
import { Message } from './mailbox/message';
import { readMime } from './mailbox/mime-reader';
import { mayUseSmtp } from './sign-in/introspection';
import type { MicrosoftTenant } from './tenant';

/** smtp.office365.com: STARTTLS, XOAUTH2 with the tenant's tokens, and the refusals of facts/microsoft.md. */
export interface TenantSmtp {
	readonly host: string;
	readonly port: number;
	/** Sign-ins that were tried, right or wrong. */
	readonly signIns: number;
	close(): Promise<void>;
}

/** https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements */
const MAX_SESSIONS_PER_MAILBOX = 3;

/** Mail that is taken goes the way of all mail of the tenant: see `tenant.transport`. No copy is kept. */
export async function startTenantSmtp(tenant: MicrosoftTenant): Promise<TenantSmtp> {
	const { certificatePem, keyPem } = await signedCertificate();
	const sockets = new Set<Socket>();
	const users = new Map<string, User>();
	let signIns = 0;

	const server = new SMTPServer({
		logger: false,
		disableReverseLookup: true,
		authMethods: ['LOGIN', 'XOAUTH2'],
		authOptional: true,
		closeTimeout: 50,
		key: keyPem,
		cert: certificatePem,
		// See smtp-sink.ts: smtp-server 3.21 does not survive a client that leaves in the middle of TLS 1.3.
		maxVersion: 'TLSv1.2',
		onAuth: (auth, session, done) => {
			signIns++;
			const address = auth.username ?? '';
			const refusal =
				auth.method === 'XOAUTH2'
					? refuseToken(tenant, address, auth.accessToken ?? '', users)
					: reply(550, '5.7.30 Basic authentication is not supported for Client Submission.');
			if (refusal !== undefined) return done(refusal);
			const user = tenant.directory.findUser(address);
			if (user !== undefined) users.set(session.id, user);
			done(null, { user: address });
		},
		onMailFrom: (_, session, done) => {
			done(
				users.has(session.id) ? null : reply(530, '5.7.57 Client not authenticated to send mail.'),
			);
		},
		onData: (stream, session, done) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				const user = users.get(session.id);
				take(tenant, session, user, Buffer.concat(chunks)).then((refusal) => done(refusal), done);
			});
		},
		onClose: (session) => void users.delete(session.id),
	});
	server.on('error', () => undefined);
	server.server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
	});
	server.listen(0, '127.0.0.1');
	await once(server.server, 'listening');
	const { port } = server.server.address() as AddressInfo;
	return {
		host: '127.0.0.1',
		port,
		get signIns() {
			return signIns;
		},
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

function refuseToken(
	tenant: MicrosoftTenant,
	address: string,
	value: string,
	sessions: ReadonlyMap<string, User>,
): Error | undefined {
	const token = tenant.tokens.find(value);
	const user = tenant.directory.findUser(address);
	if (user?.allowsSmtp === false) {
		return reply(
			535,
			'5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.',
		);
	}
	if (token === undefined || user === undefined || !mayUseSmtp(token, user)) {
		return reply(535, '5.7.3 Authentication unsuccessful');
	}
	const open = [...sessions.values()].filter((each) => each === user).length;
	return open < MAX_SESSIONS_PER_MAILBOX
		? undefined
		: reply(432, '4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded');
}

async function take(
	tenant: MicrosoftTenant,
	{ envelope }: SMTPServerSession,
	user: User | undefined,
	mime: Buffer,
): Promise<Error | undefined> {
	if (user?.mailbox === undefined) return reply(554, '5.2.0 No mailbox.');
	const read = await readMime(mime, Date.now());
	const from = read.content.from?.emailAddress.address ?? '';
	const sender = tenant.directory.findUser(from);
	if (sender === undefined || (sender !== user && !sender.sendAs.has(user.address))) {
		return reply(550, '5.7.60 SMTP; Client does not have permissions to send as this sender');
	}
	const message = new Message({
		folder: user.mailbox.folder('sentitems'),
		plainId: '',
		immutableId: '',
		nowMs: Date.now(),
		content: {
			...read.content,
			// The envelope decides, not the header.
			toRecipients: envelope.rcptTo.map(({ address }) => ({ emailAddress: { address } })),
			ccRecipients: [],
			bccRecipients: [],
		},
	});
	message.mime = mime;
	message.attachments = (read.attachments ?? []).map((each) => ({ ...each, id: '' }));
	tenant.transport.send(message, user, false);
	return undefined;
}

function reply(responseCode: number, text: string): Error {
	return Object.assign(new Error(text), { responseCode });
}
