import { createPop3Driver } from '../../mail/drivers/pop3';
import { toFactSource } from '../../mail/facts/fact-part';
import { type MailFacts, toMailFacts } from '../../mail/facts/mail-facts';
import type { MailboxDriver } from '../../mail/ports';
import { silentLog } from '../mail/drivers/imap/imap-connector';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { listCorpus, readCorpus, readFacts } from '../support/parsed-mail';
import { pop3Connector } from '../support/pop3-connector';
import { dovecotDriver } from '../support/real-watch';

jest.setTimeout(60_000);
const USER = { user: 'support@example.test', password: 'support-password' };
const NEVER = new AbortController().signal;
const names = [...listCorpus('bounce'), ...listCorpus('invitation')];

let server: Dovecot;
beforeAll(async () => {
	server = await startDovecot({ users: [USER] });
	for (const name of names) await server.append(USER.user, 'INBOX', readCorpus(name));
});
afterAll(async () => await server.stop());

async function readThrough(driver: MailboxDriver): Promise<MailFacts[]> {
	const session = await driver.openFolder('INBOX', NEVER);
	try {
		const found = await session.fetchHeads(await session.search({}));
		const heads = found.flatMap((entry) => ('head' in entry ? [entry.head] : []));
		const bodies = await session.fetchBodies(
			heads.map((head) => ({
				head,
				want: { attachments: [], partTexts: toFactSource(head).partTexts },
			})),
		);
		return heads.map((head, index) => {
			const fetched = bodies[index];
			if (fetched === undefined || 'error' in fetched) throw fetched?.error ?? new Error('no body');
			return toMailFacts(head, fetched.body);
		});
	} finally {
		await session.close();
	}
}

describe('What mails say to programs', () => {
	it.each<[string, () => MailboxDriver]>([
		['IMAP', () => dovecotDriver(server)],
		[
			'POP3',
			() =>
				createPop3Driver(
					pop3Connector({ host: server.host, port: server.pop3Port, ...USER }),
					silentLog,
				),
		],
	])('is the same through %s as in the mail itself', async (_protocol, toDriver) => {
		const facts = await readThrough(toDriver());
		expect(facts).toHaveLength(names.length);
		for (const [index, name] of names.entries()) {
			expect([name, facts[index]]).toEqual([name, readFacts(readCorpus(name))]);
			expect(Object.keys(facts[index] ?? {})).not.toEqual([]);
		}
	});
});
