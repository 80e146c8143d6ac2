/**
 * The demo's SMTP side is smtp-server (MIT-0, no dependency beyond Nodemailer, which this package has anyway, kept by
 * the same author). What it accepts goes straight into the mailboxes: nothing ever leaves this machine.
 */
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { type Mailbox, type MailboxAccount, openMailbox } from './mailbox';

export interface ServedAccount extends MailboxAccount {
	/** Further addresses whose mail lands in this mailbox. */
	readonly aliases?: readonly string[];
}

export interface MailServerOptions {
	readonly accounts: readonly ServedAccount[];
	/** Takes the mail for every other address: the rest of the world. */
	readonly world: MailboxAccount;
}

/** SMTP for everybody and a mailbox for each account, on free loopback ports. */
export interface MailServer {
	readonly host: string;
	readonly smtpPort: number;
	mailbox(user: string): Mailbox;
	close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
	const accounts: readonly ServedAccount[] = [...options.accounts, options.world];
	const mailboxes = new Map<string, Mailbox>();
	const byAddress = new Map<string, Mailbox>();
	for (const account of accounts) {
		const mailbox = await openMailbox(account);
		mailboxes.set(account.user, mailbox);
		for (const address of [account.user, ...(account.aliases ?? [])]) {
			byAddress.set(address.toLowerCase(), mailbox);
		}
	}
	const find = (user: string): Mailbox => {
		const mailbox = mailboxes.get(user);
		if (mailbox === undefined) throw new Error(`There is no mailbox ${user}`);
		return mailbox;
	};

	const smtp = new SMTPServer({
		authOptional: true,
		allowInsecureAuth: true,
		disabledCommands: ['STARTTLS'],
		disableReverseLookup: true,
		// Closing does not wait for pooled connections of the senders.
		closeTimeout: 100,
		logger: false,
		onAuth: ({ username, password }, _session, answer) => {
			const known = accounts.find(({ user }) => user === username);
			if (known !== undefined && known.password === password) answer(null, { user: username });
			else answer(new Error('Wrong user name or password'));
		},
		onData: (stream, session, answer) => {
			const recipients = new Map<Mailbox, string>();
			for (const { address } of session.envelope.rcptTo) {
				recipients.set(byAddress.get(address.toLowerCase()) ?? find(options.world.user), address);
			}
			buffer(stream).then((source) => {
				for (const [mailbox, address] of recipients) {
					const trace = Buffer.from(`Delivered-To: ${address}\r\n`);
					mailbox.deliver(Buffer.concat([trace, source]));
				}
				answer(null, `Delivered to ${recipients.size} mailbox(es)`);
			}, answer);
		},
	});
	// A client that goes away in mid-sentence is no fault of the demo.
	smtp.on('error', () => undefined);
	await new Promise<void>((resolve) => smtp.listen(0, HOST, resolve));
	const address = smtp.server.address();
	if (address === null || typeof address === 'string') throw new Error('SMTP needs a TCP address');
	return {
		host: HOST,
		smtpPort: address.port,
		mailbox: find,
		close: async () => {
			await new Promise<void>((resolve) => smtp.close(resolve));
			for (const mailbox of mailboxes.values()) await mailbox.close();
		},
	};
}
