import { isMailError, MailError, type MailErrorCode, toReplyLine } from '../errors';
import {
	CLOSE_GRACE_MS,
	EXECUTION_REPORT_MS,
	EXECUTIONS_IN_FLIGHT,
	REJECTED_LOGIN_PAUSE_MS,
} from '../limits';
import type { MailboxDriver, MailboxSession } from '../ports';
import { BackOff } from './back-off';
import { Flights } from './flight';
import { handedOver } from './handed-over';
import { Intake, type IntakeSettings } from './intake';
import type { Ledger } from './ledger';
import { openLedger, type StartWith } from './start-with';
import { type Cargo, Visit, type VisitHost, type VisitSettings } from './visit';
import { pause } from './wait';

/** Faults that do not pass by themselves: the user is told, and the server is asked rarely. */
const lastingFaults: ReadonlySet<MailErrorCode> = new Set([
	'auth.rejected',
	'auth.unavailable',
	'auth.certificate',
	'mailbox.missing',
	'tls.untrusted',
	'tls.expired',
	'tls.wrongHost',
	'tls.fingerprint',
	'tls.plainServer',
	'tls.expected',
	'tls.noStarttls',
	'connector.disabled',
	'connector.wrongUse',
	'settings.invalid',
]);

/** The connection has to stay up this long before the next failure starts again with the shortest pause. */
const STABLE_MS = 60_000;

/** Executions may go on after the stop and still be acknowledged: as long as their end is waited for, and a bit. */
const DRAIN_MS = EXECUTION_REPORT_MS + 60_000;

/** How long after the start the folder's next UID still tells new from old, if nothing went wrong meanwhile. */
const PROMPT_MS = 30_000;

export interface WatchSettings extends VisitSettings, IntakeSettings {
	readonly folder: string;
	readonly startWith: StartWith;
}

export interface WatchHost extends VisitHost {
	/** A lasting fault, told once until the folder could be opened again. */
	reportFault(error: MailError): void;
}

export interface Watch {
	/** Resolves when the folder is open for the first time. */
	readonly listening: Promise<void>;
	/**
	 * Takes no more mail. Resolves in under two seconds; what executions are still working on is acknowledged
	 * behind it when they end.
	 */
	stop(): Promise<void>;
}

/**
 * Watches a folder until it is stopped: connects, visits, and after every failure connects again, without end.
 * `openDriver` is asked before each connection, so that a corrected connector or a new token is used.
 */
export function watchMailbox(
	openDriver: () => Promise<MailboxDriver>,
	settings: WatchSettings,
	host: WatchHost,
): Watch {
	const stopping = new AbortController();
	/** Fires when nothing more is to be acknowledged either. */
	const leaving = new AbortController();
	const backOff = new BackOff();
	let visit: Visit | undefined;
	let ledger: Ledger | undefined;
	let reported: MailErrorCode | undefined;
	let hasFailed = false;
	let announce: () => void = () => undefined;
	const listening = new Promise<void>((resolve) => (announce = resolve));
	const flights = new Flights<Cargo>(EXECUTIONS_IN_FLIGHT, () => visit?.wake());

	async function live(): Promise<void> {
		while (!stopping.signal.aborted || !flights.isQuiet) {
			if (leaving.signal.aborted) return;
			const pauseMs = await connectAndVisit();
			if (pauseMs > 0)
				await pause(pauseMs, stopping.signal.aborted ? leaving.signal : stopping.signal);
		}
	}

	/** Returns how long to wait before the next try. */
	async function connectAndVisit(): Promise<number> {
		let session: MailboxSession | undefined;
		let openedAt = Infinity;
		const closeSession = () => void session?.close();
		try {
			const driver = await openDriver();
			session = await driver.openFolder(settings.folder, leaving.signal);
			leaving.signal.addEventListener('abort', closeSession);
			openedAt = Date.now();
			await attend(session);
			return 0;
		} catch (error) {
			if (leaving.signal.aborted) return 0;
			hasFailed = true;
			if (Date.now() - openedAt > STABLE_MS) backOff.reset();
			return toPauseMs(toMailError(error));
		} finally {
			visit = undefined;
			leaving.signal.removeEventListener('abort', closeSession);
			await session?.close();
		}
	}

	async function attend(session: MailboxSession): Promise<void> {
		if (ledger?.uidValidity !== session.folder.uidValidity) {
			const isPrompt = !hasFailed && Date.now() - host.checkpoints.startedAt < PROMPT_MS;
			ledger = await openLedger(session, host.checkpoints, settings.startWith, isPrompt);
			if (settings.afterProcessing === 'nothing') ledger.repeatExecutions();
			host.checkpoints.save(ledger.toCheckpoint());
		}
		reported = undefined;
		announce();
		const intake = new Intake(session, settings);
		visit = new Visit(
			session,
			ledger,
			intake,
			flights,
			handedOver,
			settings,
			host,
			stopping.signal,
		);
		await visit.run();
	}

	function toPauseMs(error: MailError): number {
		if (!lastingFaults.has(error.code)) {
			const pauseMs = Math.max(backOff.nextMs(), error.retryAfterMs ?? 0);
			host.log.warn(`${error.message}. Trying again in ${Math.ceil(pauseMs / 1000)} s.`);
			return pauseMs;
		}
		if (reported !== error.code) {
			reported = error.code;
			host.reportFault(error);
		}
		return REJECTED_LOGIN_PAUSE_MS;
	}

	// What nobody will acknowledge any more is free for the next watch, which gives it again.
	const ended = live().finally(() =>
		flights.abandon(({ mails }) => {
			for (const { deliveryId } of mails) handedOver.delete(settings.watchKey, deliveryId);
		}),
	);

	return {
		listening,
		async stop() {
			stopping.abort();
			visit?.wake();
			const leave = () => leaving.abort();
			if (visit === undefined && flights.isQuiet) leave();
			const drain = setTimeout(leave, DRAIN_MS);
			drain.unref();
			void ended.finally(() => clearTimeout(drain));
			const grace = new AbortController();
			await Promise.race([ended, pause(CLOSE_GRACE_MS, grace.signal)]);
			grace.abort();
			if (flights.isQuiet) leave();
		},
	};
}

function toMailError(error: unknown): MailError {
	if (isMailError(error)) return error;
	return new MailError('engine.unexpected', {
		subject: toReplyLine(String(error)),
		cause: error,
		retryable: true,
	});
}
