import path from 'node:path';
import { readPeakMemory, resetPeakMemory } from './memory';
import { type Records, waitForRecords } from './records';
import type { Stage } from './stage';
import { round } from './statistics';
import { type Side, toReceiving } from './workflow';

const QUIET_MS = 45_000;

export interface BacklogResult {
	readonly mails: number;
	/** First to last record, mails per second; memory is the rise of n8n's peak resident set, MB. */
	readonly ours: Rate;
	/** In batches of the built-in's size. */
	readonly oursUpToTwenty: Rate;
	readonly oursOnePerExecution: Rate;
	/** In batches of 20. */
	readonly builtIn: Rate;
	readonly ofBuiltIn: number;
	readonly upToTwentyOfBuiltIn: number;
}

interface Rate {
	readonly received: number;
	readonly perSecond: number;
	readonly memoryRiseMb: number | undefined;
}

/** 60 % plain of 2 kB, 30 % HTML of 30 kB, 10 % with an attachment of 200 kB. */
export async function measureBacklog(
	stage: Stage,
	mails: number,
	say: (line: string) => void,
): Promise<BacklogResult> {
	const run = async (side: Side, user: string, parameters = {}): Promise<Rate> => {
		const rate = await measureSide(stage, side, user, mails, parameters);
		say(`backlog of ${mails}, ${user.split('@')[0]}: ${rate.perSecond}/s`);
		return rate;
	};
	const startWith = 'all';
	const ours = await run('ours', 'ours-backlog@bench.test', { startWith });
	const builtIn = await run('builtIn', 'builtin-backlog@bench.test');
	const oursUpToTwenty = await run('ours', 'ours-twenty@bench.test', {
		startWith,
		options: { emailsPerExecution: 'limited', mostEmailsPerExecution: 20 },
	});
	const oursOnePerExecution = await run('ours', 'ours-single@bench.test', {
		startWith,
		options: { emailsPerExecution: 'one' },
	});
	return {
		mails,
		ours,
		oursUpToTwenty,
		oursOnePerExecution,
		builtIn,
		ofBuiltIn: round(ours.perSecond / builtIn.perSecond),
		upToTwentyOfBuiltIn: round(oursUpToTwenty.perSecond / builtIn.perSecond),
	};
}

async function measureSide(
	stage: Stage,
	side: Side,
	user: string,
	mails: number,
	parameters: Readonly<Record<string, unknown>>,
): Promise<Rate> {
	const file = path.join(stage.folder, `${user}.log`);
	// A fresh process for each side: the second would find the heap of the first.
	await stage.instance.restart();
	for (let index = 0; index < mails; index++) {
		await stage.dovecot.deliver(user, toMail(index));
	}
	const credentials = await stage.addMailbox(user);
	const workflow = await stage.n8n.createWorkflow(
		toReceiving(side, credentials[side], file, parameters),
	);
	const before = resetPeakMemory(stage.instance.pid);
	await stage.n8n.activate(workflow);
	// n8n's own trigger looks at what is there only when something new arrives.
	await stage.dovecot.deliver(user, { from: 'bench@bench.test', subject: 'kick', text: 'x' });
	const records = await waitForRecords(file, mails + 1, QUIET_MS);
	const peak = readPeakMemory(stage.instance.pid);
	await stage.n8n.deactivate(workflow.id);
	return {
		received: records.size,
		perSecond: round(toRate(records), 1),
		memoryRiseMb: before === undefined || peak === undefined ? undefined : round(peak - before, 0),
	};
}

function toRate(records: Records): number {
	const times = [...records.values()];
	return ((times.length - 1) * 1000) / (Math.max(...times) - Math.min(...times));
}

/** Mixed: six of ten are text, three HTML of 30 kB, one has a file of 150 kB. */
export function toMail(index: number): string {
	const lines = [
		'From: Bench <bench@bench.test>',
		'To: someone@bench.test',
		`Subject: mail ${index}`,
		`Message-ID: <${index}@bench.test>`,
		'Date: Mon, 02 Nov 2026 10:00:00 +0000',
		'MIME-Version: 1.0',
	];
	const kind = index % 10;
	if (kind < 6) return toPart(lines, 'text/plain', 'A line of text.\r\n'.repeat(120));
	if (kind < 9) return toPart(lines, 'text/html', `<p>${'A paragraph. '.repeat(2300)}</p>`);
	const file = Buffer.alloc(150_000, index).toString('base64').replace(/.{76}/g, '$&\r\n');
	return [
		...lines,
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'Content-Type: text/plain; charset=utf-8',
		'',
		'See the attachment.',
		'--b',
		'Content-Type: application/pdf; name=file.pdf',
		'Content-Disposition: attachment; filename=file.pdf',
		'Content-Transfer-Encoding: base64',
		'',
		file,
		'--b--',
		'',
	].join('\r\n');
}

function toPart(lines: readonly string[], type: string, body: string): string {
	const wrapped = body.replace(/.{900}/g, '$&\r\n');
	return [...lines, `Content-Type: ${type}; charset=utf-8`, '', wrapped, ''].join('\r\n');
}
