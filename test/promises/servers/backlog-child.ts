/**
 * Works off a backlog in a process of its own, so that its memory is nobody else's. Prints one line of JSON.
 */
import { createImapDriver } from '../../../mail/drivers/imap';
import { watchMailbox } from '../../../mail/inbox/watch';
import { BATCH_MESSAGES } from '../../../mail/limits';
import { createAttachmentChooser } from '../../../nodes/EmailTrigger/attachment-choice';
import { toOutputs } from '../../../nodes/bridge/message-item';
import { imapConnector, silentLog } from '../../mail/drivers/imap/imap-connector';
import { watchSettings } from '../../support/watch-host';

/** A workflow that does nothing, in n8n, in ms. */
const EXECUTION_MS = 5;

async function main([host = '', port = '', user = '', password = '', count = '']: string[]) {
	const connector = imapConnector({ host, port: Number(port), user, password, timeoutMs: 30_000 });
	const driver = createImapDriver(connector, silentLog);
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
