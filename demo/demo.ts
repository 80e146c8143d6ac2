/**
 * The main job on a real n8n, from nothing: `npm run demo`, or `npm run demo -- --once` to end by itself with a line of
 * JSON and an exit code. `--n8n <version>` takes another n8n than the default.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ownerAccount } from '../tools/n8n/account';
import { hasEnded } from '../tools/n8n/rest';
import { toSentence } from '../tools/n8n/setup-error';
import { openBrowser } from './browser';
import { Cleanup, abortOnSignals } from './cleanup';
import { type DemoOptions, toOptions } from './options';
import {
	type Answer,
	type MailOutcome,
	isRight,
	toAnswer,
	toOutcomes,
	toRoutes,
	toSummary,
} from './outcome';
import { sendDemoMails } from './send';
import { CUSTOMERS } from './shop';
import { type Shop, openShop } from './shop-instance';
import { toTable } from './table';

/** The slowest mail is answered within seconds; a busy machine gets far more. */
const PATIENCE_MS = 120_000;
const POLL_MS = 500;

const say = (line: string): void => console.log(line);

async function main({ n8nVersion, once }: DemoOptions): Promise<number> {
	const signal = abortOnSignals();
	const cleanup = new Cleanup();
	try {
		const shop = await openShop(say, cleanup, signal, n8nVersion);
		const outcomes = await showMails(shop, signal);
		const isAllRight = outcomes.every(isRight);
		if (!once) await stayOpen(shop, signal);
		if (once) process.stdout.write(`${JSON.stringify(toSummary(outcomes))}\n`);
		return isAllRight ? 0 : 1;
	} catch (error) {
		if (signal.aborted) return 130;
		console.error(`The demo failed: ${toSentence(error)}`);
		return 1;
	} finally {
		if (!once || signal.aborted) say('Stopping …');
		await cleanup.run();
	}
}

async function showMails(shop: Shop, signal: AbortSignal): Promise<MailOutcome[]> {
	const sent = await sendDemoMails(shop.mail);
	say(`${sent.length} e-mails sent to the shop; waiting for the answers …`);
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const outcomes = toOutcomes(sent, await readRoutes(shop), await readAnswers(shop));
		if (outcomes.every(isRight) || Date.now() > deadline) {
			say(`\n${toReport(outcomes)}\n`);
			return outcomes;
		}
		await pause(POLL_MS, undefined, { signal });
	}
}

async function readRoutes({ n8n, workflowId }: Shop): Promise<Map<string, string[]>> {
	const executions = await n8n.listExecutions(workflowId);
	const ended = executions.filter(({ status }) => hasEnded(status));
	return toRoutes(await Promise.all(ended.map(({ id }) => n8n.getExecution(id))));
}

async function readAnswers({ mail }: Shop): Promise<Answer[]> {
	return await Promise.all(mail.mailbox(CUSTOMERS).messages().map(toAnswer));
}

function toReport(outcomes: readonly MailOutcome[]): string {
	const rows = outcomes.map((outcome) => {
		const { sent, routes, isAnswered, isAcknowledged } = outcome;
		return [
			sent.title,
			sent.to,
			sent.route,
			routes.join(', ') || 'none',
			isAnswered ? 'delivered' : 'missing',
			isAcknowledged ? 'yes' : '',
			isRight(outcome) ? 'ok' : 'WRONG',
		];
	});
	const titles = ['E-mail', 'To', 'Route expected', 'Route taken', 'Answer', 'Acknowledged', ''];
	return toTable(titles, rows);
}

async function stayOpen({ editorUrl, mail, ended }: Shop, signal: AbortSignal): Promise<void> {
	const { imapPort, password, user } = mail.mailbox(CUSTOMERS);
	say(`The workflow in n8n's editor: ${editorUrl}`);
	say(`  sign in as ${ownerAccount.email} with the password ${ownerAccount.password}`);
	say(
		`Send e-mails of your own to the shop: SMTP ${mail.host}:${mail.smtpPort}, no sign-in, no TLS`,
	);
	say(
		`Read the answers: IMAP ${mail.host}:${imapPort}, ${user} with the password ${password}, no TLS`,
	);
	say('Everything runs until you press Ctrl-C.');
	openBrowser(editorUrl);
	const aborted = new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener('abort', () => resolve());
	});
	const keepAlive = setInterval(() => undefined, 60_000);
	await Promise.race([
		aborted,
		ended.then(() => signal.aborted || say('n8n has ended by itself.')),
	]);
	clearInterval(keepAlive);
}

async function run(): Promise<number> {
	try {
		return await main(toOptions(process.argv.slice(2)));
	} catch (error) {
		console.error(toSentence(error));
		return 2;
	}
}

void run().then((exitCode) => {
	process.exitCode = exitCode;
});
