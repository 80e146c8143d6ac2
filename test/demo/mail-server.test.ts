import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { type MailServer, startMailServer } from '../../demo/mail-server/mail-server';

const accounts = [
	{ user: 'support@shop.example', password: 'secret-1', aliases: ['returns@shop.example'] },
	{ user: 'billing@shop.example', password: 'secret-2' },
];
const world = { user: 'everybody@customers.example', password: 'secret-3' };

let server: MailServer;

beforeEach(async () => {
	server = await startMailServer({ accounts, world });
});

afterEach(async () => {
	await server.close();
});

async function send(
	to: string | string[],
	subject = 'Hello',
	auth?: { user: string; pass: string },
) {
	const transport = createTransport({
		host: server.host,
		port: server.smtpPort,
		ignoreTLS: true,
		auth,
	});
	try {
		await transport.sendMail({ from: 'anna@customers.example', to, subject, text: '. A dot\n.' });
	} finally {
		transport.close();
	}
}

async function openInbox(user: string, password: string): Promise<ImapFlow> {
	const client = new ImapFlow({
		host: server.host,
		port: server.mailbox(user).imapPort,
		secure: false,
		doSTARTTLS: false,
		auth: { user, pass: password },
		logger: false,
	});
	// A server that goes away is what one test is about.
	client.on('error', () => undefined);
	await client.connect();
	await client.mailboxOpen('INBOX');
	return client;
}

const countsOf = (...users: string[]) =>
	users.map((user) => server.mailbox(user).messages().length);

test('of several mails that are asked for at once, each gives its headers', async () => {
	for (const subject of ['One', 'Two', 'Three']) await send('support@shop.example', subject);
	const client = await openInbox('support@shop.example', 'secret-1');
	try {
		const part = { key: 'HEADER', start: 0, maxLength: 65_536 };
		const found = await client.fetchAll('1:*', { bodyParts: [part] });
		const subjects = found.map(({ headers }) => /^Subject: (.*)\r$/m.exec(String(headers))?.[1]);
		expect(subjects).toEqual(['One', 'Two', 'Three']);
	} finally {
		await client.logout();
	}
});

test('a mail lands in the mailbox of its recipient, unchanged, and in no other', async () => {
	await send('support@shop.example', 'Grüße');

	const [source = ''] = server.mailbox('support@shop.example').messages().map(String);
	expect(source).toMatch(/^Delivered-To: support@shop\.example\r\n/);
	expect(source).toContain('Subject: =?UTF-8?');
	expect(source).toMatch(/\r\n\. A dot\r\n\./);
	expect(countsOf('billing@shop.example', world.user)).toEqual([0, 0]);
});

test('mail to an alias lands in the mailbox it belongs to, once, mail to strangers in that of the world', async () => {
	await send(['returns@shop.example', 'support@shop.example', 'somebody@elsewhere.example']);

	expect(countsOf('support@shop.example', 'billing@shop.example', world.user)).toEqual([1, 0, 1]);
});

test('a client that waits with IDLE is told of a new mail', async () => {
	const client = await openInbox('support@shop.example', 'secret-1');
	const told = new Promise<number>((resolve) => client.on('exists', ({ count }) => resolve(count)));
	const idling = client.idle();

	await send('support@shop.example');

	expect(await told).toBe(1);
	await client.logout();
	await idling;
});

test('a read mail is counted, a copy put into Sent is found there', async () => {
	await send('billing@shop.example');
	const client = await openInbox('billing@shop.example', 'secret-2');

	await client.messageFlagsAdd('1', ['\\Seen']);
	await client.append('Sent', 'Subject: Copy\r\n\r\nText');
	await client.logout();

	expect(server.mailbox('billing@shop.example').seenCount()).toBe(1);
	expect(server.mailbox('billing@shop.example').messages('Sent').map(String)).toEqual([
		'Subject: Copy\r\n\r\nText',
	]);
});

test('wrong passwords are refused by IMAP and SMTP', async () => {
	await expect(openInbox('support@shop.example', 'wrong')).rejects.toThrow('Command failed');
	await expect(
		send('support@shop.example', 'Hello', { user: 'support@shop.example', pass: 'wrong' }),
	).rejects.toThrow('535');
	expect(countsOf('support@shop.example')).toEqual([0]);
});

test('one mailbox does not take the password of another', async () => {
	await expect(openInbox('support@shop.example', 'secret-2')).rejects.toThrow('Command failed');
});

test('closing also ends connections that wait', async () => {
	const client = await openInbox('support@shop.example', 'secret-1');
	const closed = new Promise<void>((resolve) => client.on('close', resolve));
	const idling = client.idle();

	await server.close();

	await closed;
	await idling;
	server = await startMailServer({ accounts, world });
});
