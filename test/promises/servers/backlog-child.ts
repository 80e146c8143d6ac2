/**
 * Works off a backlog in a process of its own, so that its memory is nobody else's: the account as JSON, and how many
 * mails there are. Prints one line of JSON.
 */
import * as z from 'zod';
import { createGraphDriver } from '../../../mail/drivers/graph';
import { createImapDriver } from '../../../mail/drivers/imap';
import { watchMailbox } from '../../../mail/inbox/watch';
import { BATCH_MESSAGES } from '../../../mail/limits';
import type { MailboxDriver } from '../../../mail/ports';
import { createAttachmentChooser } from '../../../nodes/EmailTrigger/attachment-choice';
import { toOutputs } from '../../../nodes/bridge/message-item';
import { imapConnector, silentLog } from '../../mail/drivers/imap/imap-connector';
import { graphAccess, toGraphConnector } from '../../support/graph-mailbox';
import { watchSettings } from '../../support/watch-host';

/** A workflow that does nothing, in n8n, in ms. */
const EXECUTION_MS = 5;

const imapAccess = z.object({
	protocol: z.literal('imap'),
	host: z.string(),
	port: z.number(),
	user: z.string(),
	password: z.string(),
});
const access = z.discriminatedUnion('protocol', [imapAccess, graphAccess]);

function toDriver(account: z.infer<typeof access>): MailboxDriver {
	if (account.protocol === 'graph') return createGraphDriver(toGraphConnector(account), silentLog);
	return createImapDriver(imapConnector({ ...account, timeoutMs: 30_000 }), silentLog);
}

async function main([account = '', count = '']: string[]) {
	const driver = toDriver(access.parse(JSON.parse(account)));
	const uids = new Set<number>();
	let given = 0;
	let open = Infinity;
	let highestRss = 0;
	let binaryBytes = 0;
	const sampling = setInterval(() => {
		highestRss = Math.max(highestRss, process.memoryUsage.rss());
	}, 20);
	const from = performance.now();
	const watch = watchMailbox(
		async () => ({ driver }),
		{
			...watchSettings,
			startWith: { kind: 'unread' },
			messagesPerExecution: BATCH_MESSAGES,
			content: {
				...watchSettings.content,
				chooseAttachments: createAttachmentChooser({
					kind: 'files',
					types: '',
					limitBytes: 1024 * 1024,
				}),
			},
		},
		{
			deliver: (messages) => {
				let items = toOutputs(messages, 0, { account: 'a', folder: 'INBOX' }).flat();
				for (const { uid } of messages) uids.add(uid);
				given += messages.length;
				for (const { binary = {} } of items) {
					for (const { data } of Object.values(binary)) binaryBytes += data.length;
				}
				return {
					end: new Promise((resolve) => {
						setTimeout(() => {
							// n8n holds them until the execution is over.
							items = [];
							resolve({ kind: 'succeeded' });
						}, EXECUTION_MS);
					}),
				};
			},
			records: { find: async () => 'unknown' },
			checkpoints: {
				startedAt: Date.now(),
				lost: false,
				load: () => undefined,
				save: async (checkpoint) => {
					open = JSON.stringify(checkpoint) === '' ? Infinity : checkpoint.open.length;
				},
			},
			log: silentLog,
			reportFault: (error) => {
				throw error;
			},
		},
	);
	while (given < Number(count) || open > 0) await new Promise((resolve) => setTimeout(resolve, 50));
	const seconds = (performance.now() - from) / 1_000;
	clearInterval(sampling);
	await watch.stop();
	const result = { given, different: uids.size, highestRss, seconds, binaryBytes };
	process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main(process.argv.slice(2));
