import { type CertificateFacts, openCertificate, toCertificateFacts } from '../certificate';
import type { Connector, GraphAccount, IncomingProtocol, Server } from '../connector';
import { MailError } from '../errors';
import { checkGraphIncoming, checkGraphOutgoing, toServer } from './graph';
import { checkIncoming } from './incoming';
import { checkMaildrop } from './maildrop';
import { type AdaptMessage, checkOutgoing } from './outgoing';
import { createRedaction } from './redact';
import type { CheckReport, CheckSide, CheckStep } from './report';
import { StepLog } from './step-log';
import { toCommonSentence, toFailureSentence, toSuccessSentence } from './summary';
import { TimeLimit } from './time-limit';

export type { CheckReport, CheckSide, CheckStep, CheckStepName } from './report';

const checksOf: Readonly<Record<IncomingProtocol, typeof checkIncoming>> = {
	imap: checkIncoming,
	pop3: checkMaildrop,
};

interface SideReport {
	readonly steps: readonly CheckStep[];
	readonly failed: boolean;
	readonly sentence: string;
}

/**
 * Tries everything that the connector is for, both sides at once, and says at which step it failed. A sign-in is tried
 * once. Ends within `connectionTimeoutMs`, whatever the servers do. Never throws for what a server does.
 *
 * @param adapt the last word on the test e-mail
 */
export async function checkConnector(
	checked: Connector,
	adapt: AdaptMessage = (message) => message,
): Promise<CheckReport> {
	const { connector, redact } = createRedaction(checked);
	const { enabled, incoming, outgoing, limits, name } = connector;
	if (!enabled) return toSwitchedOff(name);
	const limit = new TimeLimit(limits.connectionTimeoutMs);

	const check = async <S extends Server | GraphAccount>(
		side: CheckSide,
		account: S | undefined,
		run: (account: S, steps: StepLog) => Promise<string>,
	): Promise<SideReport[]> => {
		if (account === undefined) return [];
		const steps = new StepLog(side, toServer(account), redact);
		try {
			const sentence = toSuccessSentence(side, redact(await run(account, steps)));
			return [{ steps: steps.steps, failed: false, sentence }];
		} catch (error) {
			const failure = steps.fail(error);
			return [{ steps: steps.steps, failed: true, sentence: toFailureSentence(failure) }];
		}
	};

	try {
		const [certificate, ...sides] = await Promise.all([
			readCertificate(connector, limit),
			check('incoming', incoming, async (account, steps) =>
				account.protocol === 'graph'
					? await checkGraphIncoming(account, steps, limit)
					: await checksOf[account.protocol](connector, account, steps, limit),
			),
			check('outgoing', outgoing, async (account, steps) =>
				account.protocol === 'graph'
					? await checkGraphOutgoing(connector, account, steps, limit, adapt)
					: await checkOutgoing(connector, account, steps, limit, adapt),
			),
		]);
		return { ...toReport(sides.flat()), certificate };
	} finally {
		limit.end();
	}
}

/** Undefined where it cannot be opened: the side that needs it says why. */
async function readCertificate(
	{ signInCertificate, tls, name }: Connector,
	limit: TimeLimit,
): Promise<CertificateFacts | undefined> {
	const file = signInCertificate ?? tls.clientCertificate;
	if (file === undefined) return undefined;
	try {
		return toCertificateFacts(await limit.race(name, openCertificate(file)));
	} catch {
		return undefined;
	}
}

function toReport(sides: readonly SideReport[]): CheckReport {
	const steps = sides.flatMap((side) => side.steps);
	const inOrder = [
		...sides.filter(({ failed }) => failed),
		...sides.filter(({ failed }) => !failed),
	];
	return {
		ok: sides.every(({ failed }) => !failed),
		steps,
		summary: toSummary(inOrder),
		error: steps.find(({ ok }) => !ok)?.error,
	};
}

function toSummary(sides: readonly SideReport[]): string {
	const [first, second] = sides.map(({ steps }) => steps.at(-1));
	if (first !== undefined && second !== undefined && failAlike(first, second)) {
		return toCommonSentence(first);
	}
	return sides.map((side, index) => withoutRemedyOf(sides[index + 1], side)).join(' ');
}

/** As where both sides are one mailbox. The server's answers differ by their traces alone: one is enough. */
function failAlike(first: CheckStep, second: CheckStep): boolean {
	const [one, other] = [first.error, second.error];
	if (one === undefined || other === undefined) return false;
	return (
		first.step === second.step &&
		one.title === other.title &&
		one.subject === other.subject &&
		one.serverCode === other.serverCode &&
		one.remedy === other.remedy
	);
}

/** A remedy that both sides share, such as that of a wrong password, is said once: behind the second. */
function withoutRemedyOf(next: SideReport | undefined, { steps, sentence }: SideReport): string {
	const remedy = steps.at(-1)?.error?.remedy;
	const isRepeated = remedy !== undefined && next?.steps.at(-1)?.error?.remedy === remedy;
	return isRepeated ? sentence.replace(` ${remedy}`, '') : sentence;
}

function toSwitchedOff(name: string): CheckReport {
	const error = new MailError('connector.disabled', { subject: name });
	return { ok: false, steps: [], summary: `${error.message}. ${error.remedy}`, error };
}
