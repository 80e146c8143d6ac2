import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGraphSender } from '../mail/drivers/graph/sender';
import { createOutbox } from '../mail/outbox';
import { graphConnector } from '../test/support/graph-sending';
import { startMicrosoftTenant } from '../test/support/microsoft-tenant/tenant';
import { outgoingMessage, recordingLog } from '../test/support/sending';

const MEGABYTE = 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'content ');

/** What one mail with a file of this size costs; the tests' tenant is in the same process. */
export interface GraphSending {
	readonly megabytes: number;
	readonly requests: number;
	readonly slices: number;
	readonly seconds: number;
	/** Of the resident set over what it was before. */
	readonly riseMegabytes: number;
	/** Whether the file arrived byte for byte. */
	readonly isWhole: boolean;
}

/** Needs no n8n. */
export async function measureGraphSend(
	say: (line: string) => void,
	sizes: readonly number[] = [0, 1, 100],
): Promise<GraphSending[]> {
	const tenant = await startMicrosoftTenant();
	tenant.uploads.keepsContent = false;
	tenant.sendLimits.messageBytes = 150 * MEGABYTE;
	const address = 'anna@contoso.example';
	tenant.addUser(address);
	const appPermissions = ['Mail.ReadWrite', 'Mail.Send'];
	const application = tenant.registerApplication({ appPermissions });
	const connector = graphConnector(tenant, { application, mailbox: address });
	const sender = createGraphSender(connector);
	const outbox = createOutbox({ connector, sender, log: recordingLog() });

	const send = async (megabytes: number) => {
		const file = {
			fileName: 'film.mp4',
			mimeType: 'video/mp4',
			open: async () => await Promise.resolve(toContent(megabytes * MEGABYTE)),
		};
		const attachments = megabytes === 0 ? [] : [file];
		await outbox.send(outgoingMessage({ from: { name: '', address }, attachments }));
	};
	const measure = async (megabytes: number): Promise<GraphSending> => {
		tenant.requests.clear();
		const startMs = Date.now();
		const riseMegabytes = await toRise(async () => await send(megabytes));
		const seconds = (Date.now() - startMs) / 1000;
		const slices = tenant.requests.all.filter(({ method }) => method === 'PUT').length;
		const [attachment] = tenant.transport.sent.at(-1)?.message.attachments ?? [];
		const sum = attachment?.kind === 'file' ? attachment.content.sha256 : undefined;
		const isWhole = sum === (megabytes === 0 ? undefined : await toSum(megabytes * MEGABYTE));
		const requests = tenant.requests.all.length;
		say(`graph ${megabytes} MB: ${requests} requests, ${slices} slices, ${riseMegabytes} MB`);
		return { megabytes, requests, slices, seconds, riseMegabytes, isWhole };
	};

	try {
		// The first one loads what all need.
		await send(5);
		const results: GraphSending[] = [];
		for (const size of sizes) results.push(await measure(size));
		return results;
	} finally {
		await outbox.close();
		await tenant.close();
	}
}

async function toRise(work: () => Promise<void>): Promise<number> {
	const restBytes = process.memoryUsage().rss;
	let peakBytes = restBytes;
	const timer = setInterval(() => {
		peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
	}, 5);
	try {
		await work();
	} finally {
		clearInterval(timer);
	}
	return Math.round((peakBytes - restBytes) / MEGABYTE);
}

/** Made piece by piece, when they are asked for. */
function toContent(sizeBytes: number): Readable {
	const chunks = function* () {
		for (let left = sizeBytes; left > 0; left -= CHUNK.length) {
			yield CHUNK.subarray(0, Math.min(left, CHUNK.length));
		}
	};
	return Readable.from(chunks());
}

async function toSum(sizeBytes: number): Promise<string> {
	const sum = createHash('sha256');
	for await (const chunk of toContent(sizeBytes)) sum.update(chunk as Buffer);
	return sum.digest('hex');
}
