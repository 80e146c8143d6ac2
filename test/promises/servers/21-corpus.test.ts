import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toOutputs } from '../../../nodes/bridge/message-item';
import { startDovecot } from '../../support/dovecot';
import { fillMaildir } from '../../support/fill-maildir';
import { dovecotDriver, until } from '../../support/real-watch';
import { WatchHost, watchSettings } from '../../support/watch-host';

jest.setTimeout(60_000);
const CORPUS = join(__dirname, '../../corpus');
const names = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) =>
	name.endsWith('.eml'),
);

describe('21. Every mail of the corpus becomes an item with readable texts and names', () => {
	it('by the trigger as it is used', async () => {
		const server = await startDovecot();
		const host = new WatchHost();
		try {
			const sources = names.map((name) => readFileSync(join(CORPUS, name)));
			fillMaildir(server, 'support@example.test', sources);
			host.watch(dovecotDriver(server), {
				startWith: { kind: 'all' },
				messagesPerExecution: 20,
				content: { ...watchSettings.content, chooseAttachments: (head) => head.attachments },
			});
			await until(() => host.given.length === names.length, 30_000);
			const items = toOutputs(host.given, 0, { account: 'a', folder: 'INBOX' });
			expect(items.map((output) => output.length)).toEqual([names.length, 0]);
			for (const [index, { json, binary = {} }] of (items[0] ?? []).entries()) {
				const shown = JSON.stringify([json.subject, json.from, json.to, json.attachments]);
				expect({ name: names[index], shown }).toEqual({
					name: names[index],
					shown: expect.not.stringMatching(/=\?[^?]+\?[bq]\?|\ufffd/i),
				});
				expect(Object.keys(binary)).toHaveLength(
					Array.isArray(json.attachments) ? json.attachments.length : -1,
				);
			}
		} finally {
			await host.close(async () => await Promise.resolve());
			await server.stop();
		}
	});
});
