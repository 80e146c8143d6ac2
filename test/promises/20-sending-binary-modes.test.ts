import { randomBytes } from 'node:crypto';
import { simpleParser } from 'mailparser';
import type { IBinaryData } from 'n8n-workflow';
import { executeSendEmail } from '../../nodes/SendEmail/run';
import { executeContext, storedBinary } from '../support/execute-context';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

describe('20. Attachments are the same from every binary data mode of n8n', () => {
	let sink: SmtpSink;
	beforeEach(async () => {
		sink = await startSmtpSink();
	});
	afterEach(async () => await sink.close());

	const run = async (binary: Record<string, IBinaryData>, store: Map<string, Buffer>) => {
		const context = executeContext({
			items: [{ json: {}, binary }],
			store,
			parameters: {
				operation: 'send',
				to: 'ann@example.test',
				subject: 'Files',
				messageFormat: 'text',
				text: 'Hello',
				options: { attachments: '*' },
			},
			credential: {
				emailService: 'other',
				useFor: 'outgoing',
				outgoingHost: sink.host,
				outgoingPort: sink.port,
				outgoingSecurity: 'none',
				authentication: 'none',
				primaryAddress: 'support@example.test',
			},
		});
		await executeSendEmail(context);
		return await simpleParser(sink.mails[0]?.raw ?? '');
	};

	// Sizes around those of the pieces in which base64 is decoded and the store is read.
	it.each([1, 196_607, 196_608, 196_609, 262_145, 3_000_001])(
		'%i bytes inside the item, in a file, in the database',
		async (size) => {
			const content = randomBytes(size);
			const store = new Map<string, Buffer>();
			const mimeType = 'application/octet-stream';
			const binary = {
				memory: { data: content.toString('base64'), mimeType, fileName: 'memory.bin' },
				filesystem: storedBinary(store, content, 'filesystem.bin', mimeType),
				database: {
					...storedBinary(store, content, 'database.bin', mimeType),
					data: 'database',
				},
			};
			const mail = await run(binary, store);
			expect(mail.attachments.map(({ filename }) => filename)).toEqual([
				'memory.bin',
				'filesystem.bin',
				'database.bin',
			]);
			for (const one of mail.attachments) expect(one.content.equals(content)).toBe(true);
		},
	);

	it.each([
		[
			'is gone from the store',
			'could not be read',
			(): IBinaryData => storedBinary(new Map(), Buffer.from('x'), 'a.bin'),
		],
		[
			'is empty',
			'is empty',
			(): IBinaryData => ({ data: '', mimeType: 'text/plain', fileName: 'a.txt' }),
		],
	])('a file that %s is named before a connection is opened', async (_what, words, binary) => {
		await expect(run({ file: binary() }, new Map())).rejects.toThrow(words);
		expect(sink.connections).toBe(0);
	});
});
