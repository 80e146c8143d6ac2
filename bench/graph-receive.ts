import { join } from 'node:path';
import * as z from 'zod';
import { startGraphTenant, toGraphAccess } from '../test/support/graph-mailbox';
import { runMeasured } from '../test/support/measured-process';
import { toMail } from './backlog';
import { round } from './statistics';

const MEGABYTE = 1024 * 1024;
const HEAP_MB = 256;
/** The reading engine with Graph's driver, in a process of its own. */
const CHILD = join(__dirname, '../test/promises/servers/backlog-child.ts');

/** A backlog of mixed mails by delta, from the tests' tenant, which answers at once in another process. */
export interface GraphReceiving {
	readonly mails: number;
	readonly requests: number;
	readonly requestsPerMail: number;
	readonly perSecond: number;
	/** The peak of the resident set, of which Node and the program themselves are the most. */
	readonly peakMegabytes: number;
}

/** Needs no n8n. */
export async function measureGraphReceive(
	say: (line: string) => void,
	counts: readonly number[] = [10, 1_000],
): Promise<GraphReceiving[]> {
	const results: GraphReceiving[] = [];
	for (const mails of counts) results.push(await measure(mails));
	for (const { mails, requestsPerMail, perSecond, peakMegabytes } of results) {
		say(
			`graph, ${mails} mails: ${requestsPerMail} requests each, ${perSecond}/s, ${peakMegabytes} MB`,
		);
	}
	return results;
}

async function measure(mails: number): Promise<GraphReceiving> {
	const tenant = await startGraphTenant();
	try {
		const address = 'anna@contoso.example';
		const mailbox = tenant.addUser(address).mailbox;
		for (let index = 0; index < mails; index++) await mailbox?.deliver(toMail(index));
		const worked = await runMeasured(
			CHILD,
			[JSON.stringify(toGraphAccess(tenant, address)), String(mails)],
			z.object({ different: z.literal(mails), highestRss: z.number(), seconds: z.number() }),
			HEAP_MB,
		);
		const requests = tenant.requests.all.length;
		return {
			mails,
			requests,
			requestsPerMail: round(requests / mails, 1),
			perSecond: round(mails / worked.seconds, 1),
			peakMegabytes: round(worked.highestRss / MEGABYTE, 0),
		};
	} finally {
		await tenant.close();
	}
}
