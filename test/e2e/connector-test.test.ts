import type { CredentialTestResult } from '../../tools/n8n/rest-answer';
import type { N8nClient } from '../../tools/n8n/rest';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { type Postfix, startPostfix } from '../support/postfix';
import { findFreePorts } from '../../tools/free-port';
import { selfSignedCertificate, signedCertificate } from '../support/certificate';

let client: N8nClient;
let dovecot: Dovecot;
let postfix: Postfix;

beforeAll(async () => {
	({ client } = sharedN8n());
	dovecot = await startDovecot();
	postfix = await startPostfix({
		dovecot,
		onlyOwnSender: true,
		recipientAnswers: { 'full@example.test': '552 5.2.2 Mailbox full' },
	});
});

afterAll(async () => {
	await postfix?.stop();
	await dovecot?.stop();
});

/** Saves the connector and presses its test, as the editor does. */
async function press(
	changes: Record<string, unknown>,
	servers: { dovecot?: Dovecot; postfix?: Postfix } = {},
): Promise<CredentialTestResult> {
	const connector = toConnector({ dovecot, postfix, ...servers }, changes);
	const { id } = await client.createCredential(connector);
	return await client.testCredential({ ...connector, id });
}

test('a connector that works says so, for both sides', async () => {
	const { status, message } = await press({});

	expect([status, message]).toEqual(['OK', expect.stringContaining(`${dovecot.imapsPort}`)]);
	expect(message).toContain(`${postfix.smtpsPort}`);
});

test('a test e-mail is sent where one is asked for, and says by which way it came', async () => {
	const before = (await dovecot.messages('billing@example.test')).length;

	const { status } = await press({ testAddress: 'billing@example.test' });

	expect(status).toBe('OK');
	const mails = await dovecot.waitForMessages('billing@example.test', before + 1);
	const mail = mails.at(-1);
	expect(mail).toContain('support@example.test');
	expect(mail).toContain(String(postfix.smtpsPort));
	expect(mail).not.toContain('support-password');
});

interface Fault {
	readonly what: string;
	readonly changes: () => Record<string, unknown> | Promise<Record<string, unknown>>;
	/** Words of the sentence that only this fault has. */
	readonly says: RegExp;
}

const faults: readonly Fault[] = [
	{
		what: 'a wrong password',
		changes: () => ({ password: 'not-the-password' }),
		says: /rejected the user name or password/i,
	},
	{
		what: 'a wrong password of the outgoing side alone',
		changes: () => ({
			sameCredentials: false,
			outgoingUser: 'support@example.test',
			outgoingPassword: 'not-the-password',
		}),
		says: /rejected the user name or password/i,
	},
	{
		what: 'an unknown host',
		changes: () => ({ incomingHost: 'imap.unknown.invalid' }),
		says: /name could not be found/i,
	},
	{
		what: 'a port where nobody listens',
		changes: async () => ({ incomingPort: (await findFreePorts(1))[0] }),
		says: /refused the connection/i,
	},
	{
		what: 'TLS on a port without it',
		changes: () => ({ incomingPort: dovecot.imapPort }),
		says: /does not speak TLS on this port/i,
	},
	{
		what: 'no TLS on a port with it',
		changes: () => ({ incomingSecurity: 'none' }),
		says: /speaks TLS on this port/i,
	},
	{
		what: 'no TLS on the outgoing port with it',
		changes: () => ({ outgoingSecurity: 'none' }),
		says: /speaks TLS on this port/i,
	},
	{
		what: 'a certificate of an unknown authority',
		changes: () => ({ caPem: '' }),
		says: /certificate is not trusted/i,
	},
	{
		what: 'a certificate other than the pinned one',
		changes: () => ({ pinnedFingerprint: 'ab'.repeat(32) }),
		says: /does not have the pinned fingerprint/i,
	},
	{
		what: 'a connector that is switched off',
		changes: () => ({ enabled: false }),
		says: /switched off/i,
	},
	{
		what: 'a test e-mail that the server refuses',
		changes: () => ({ testAddress: 'full@example.test' }),
		says: /Mailbox full/,
	},
	{
		what: 'a sender that is not ours',
		changes: () => ({ testAddress: 'billing@example.test', fromAddress: 'billing@example.test' }),
		says: /does not let this account send from this address/i,
	},
];

test.each(faults)(
	'$what gets its own sentence, without the password',
	async ({ changes, says }) => {
		const { status, message } = await press(await changes());

		expect([status, message]).toEqual(['Error', expect.stringMatching(says)]);
		expect(message).not.toContain('password"');
		expect(message).not.toMatch(/support-password|not-the-password|\n\s+at /);
	},
);

test('an expired certificate gets its own sentence', async () => {
	const certificate = await signedCertificate({ expired: true });
	const expired = await startDovecot({ certificate });
	try {
		const { status, message } = await press({ useFor: 'incoming' }, { dovecot: expired });

		expect([status, message]).toEqual(['Error', expect.stringMatching(/expired/i)]);
	} finally {
		await expired.stop();
	}
});

test('a self-signed certificate gets its own sentence, and is accepted once its fingerprint is pinned', async () => {
	const certificate = await selfSignedCertificate();
	const own = await startDovecot({ certificate });
	const incoming = { useFor: 'incoming', caPem: '' };
	try {
		const refused = await press(incoming, { dovecot: own });
		expect([refused.status, refused.message]).toEqual([
			'Error',
			expect.stringMatching(/certificate is not trusted/i),
		]);

		const pinned = { ...incoming, pinnedFingerprint: certificate.fingerprint };
		expect(await press(pinned, { dovecot: own })).toMatchObject({ status: 'OK' });
	} finally {
		await own.stop();
	}
});

test('a mailbox without a folder that can be opened gets its own sentence', async () => {
	const hidden = await startDovecot({ hiddenFolders: ['INBOX'] });
	try {
		const { status, message } = await press({ useFor: 'incoming' }, { dovecot: hidden });

		expect([status, message]).toEqual(['Error', expect.stringMatching(/folder does not exist/i)]);
	} finally {
		await hidden.stop();
	}
});

test('a server that offers no sign-in gets its own sentence', async () => {
	const without = await startPostfix({ dovecot, auth: 'never' });
	try {
		const { status, message } = await press({}, { postfix: without });

		expect([status, message]).toEqual([
			'Error',
			expect.stringMatching(/does not offer a way to sign in/i),
		]);
	} finally {
		await without.stop();
	}
});

test('a server that has fallen silent does not hold the test up beyond the timeout of the connector', async () => {
	const silent = await startDovecot();
	silent.pause();
	try {
		const startedAt = Date.now();
		const { status, message } = await press(
			{ useFor: 'incoming', connectionTimeoutMs: 2_000 },
			{ dovecot: silent },
		);

		expect([status, message]).toEqual(['Error', expect.stringMatching(/did not answer in time/i)]);
		expect(Date.now() - startedAt).toBeLessThan(8_000);
	} finally {
		silent.resume();
		await silent.stop();
	}
});
