import { isMailError, MailError, type MailErrorCode, toReplyLine } from '../errors';
import {
	CLOSE_GRACE_MS,
	EXECUTION_REPORT_MS,
	OUTAGE_REPORT_MS,
	RECONNECT_LAST_MS,
	REJECTED_LOGIN_PAUSE_MS,
	THROTTLED_LAST_MS,
	TURNED_AWAY_LAST_MS,
} from '../limits';
import type { MailboxDriver, MailboxSession } from '../ports';
import { BackOff } from './back-off';
import { openDesk } from './desk';
import { lastingFaults } from './lasting-fault';
import { Intake, type IntakeSettings } from './intake';
import { openLedger } from './open-ledger';
import { scheduleRenewal } from './renewal';
import type { StartWith } from './start-with';
import { Visit } from './visit';
import type { VisitHost, VisitSettings } from './visit-terms';
import { pause } from './wait';

/** The connection has to stay up this long before the next failure starts again with the shortest pause. */
const STABLE_MS = 60_000;

/** Executions may go on after the stop and still be acknowledged: as long as their end is waited for, and a bit. */
const DRAIN_MS = EXECUTION_REPORT_MS + 60_000;

/** How long after the start the folder's next UID still tells new from old, if nothing went wrong meanwhile. */
const PROMPT_MS = 5_000;

export interface WatchSettings extends VisitSettings, IntakeSettings {
	readonly folder: string;
	readonly startWith: StartWith;
}

export interface WatchHost extends VisitHost {
	/** A fault that lasts, told once until the folder could be opened again. */
	reportFault(error: MailError): void;
}

/** How the mailbox is reached this time. */
export interface Door {
	readonly driver: MailboxDriver;
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
 * `openDoor` is asked before each connection, so that a corrected connector or a new token is used.
 */
export function watchMailbox(
	openDoor: () => Promise<Door>,
	settings: WatchSettings,
	host: WatchHost,
): Watch {
	const stopping = new AbortController();
	/** Fires when nothing more is to be acknowledged either. */
	const leaving = new AbortController();
	const backOff = new BackOff();
	const desk = openDesk(settings.watchKey);
	let visit: Visit | undefined;
	let reported: MailErrorCode | undefined;
	let hasFailed = false;
	let failingSince: number | undefined;
	let announce: () => void = () => undefined;
	const listening = new Promise<void>((resolve) => (announce = resolve));
	const attendant = {
		wake: () => visit?.wake(),
		relieve: () => {
			leaving.abort();
			visit?.wake();
		},
	};
	desk.attend(attendant, settings.executionsAtATime);

	async function live(): Promise<void> {
		while (!stopping.signal.aborted || !desk.flights.isQuiet) {
			if (leaving.signal.aborted) return;
			const pauseMs = await connectAndVisit();
			if (pauseMs > 0)
				await pause(pauseMs, stopping.signal.aborted ? leaving.signal : stopping.signal);
		}
	}

	/** Returns how long to wait before the next try. */
	async function connectAndVisit(): Promise<number> {
		let session: MailboxSession | undefined;
		let openedAt: number | undefined;
		const closeSession = () => void session?.close();
		try {
			const door = await openDoor();
			const memory = host.checkpoints.load()?.driverMemory;
			session = await door.driver.openFolder(settings.folder, leaving.signal, memory);
			leaving.signal.addEventListener('abort', closeSession);
			openedAt = Date.now();
			await attend(session);
			return 0;
		} catch (error) {
			if (leaving.signal.aborted) return 0;
			hasFailed = true;
			if (visit?.hasWorked === true) {
				reported = undefined;
				failingSince = undefined;
			}
			if (openedAt !== undefined && Date.now() - openedAt > STABLE_MS) backOff.reset();
			return toPauseMs(toMailError(error), openedAt !== undefined);
		} finally {
			visit = undefined;
			leaving.signal.removeEventListener('abort', closeSession);
			await session?.close();
		}
	}

	async function attend(session: MailboxSession): Promise<void> {
		const isPrompt = !hasFailed && Date.now() - host.checkpoints.startedAt < PROMPT_MS;
		const { checkpoints } = host;
		const ledger = await openLedger(
			session,
			desk.ledger,
			checkpoints,
			settings.startWith,
			isPrompt,
		);
		desk.ledger = ledger;
		await checkpoints.save(ledger.toCheckpoint(session.toMemory((uid) => ledger.concerns(uid))));
		announce();
		const renewing = new AbortController();
		const end = { stopping: stopping.signal, leaving: leaving.signal, renewing: renewing.signal };
		const intake = new Intake(session, settings);
		const current = new Visit({ session, desk, ledger, intake, settings, host, end });
		visit = current;
		const renewal = scheduleRenewal(session.signIn, () => {
			renewing.abort();
			current.wake();
		});
		try {
			await current.run();
		} finally {
			clearTimeout(renewal);
		}
	}

	/** @param wasOpen whether the server had let us in */
	function toPauseMs(error: MailError, wasOpen: boolean): number {
		failingSince ??= Date.now();
		if (lastingFaults.has(error.code)) {
			report(error);
			return REJECTED_LOGIN_PAUSE_MS;
		}
		if (Date.now() - failingSince >= OUTAGE_REPORT_MS) report(error);
		const pauseMs = Math.max(
			backOff.nextMs(toLongestPauseMs(error, wasOpen)),
			error.retryAfterMs ?? 0,
		);
		host.log.warn(`${error.message}. Trying again in ${Math.ceil(pauseMs / 1000)} s.`);
		return pauseMs;
	}

	function report(error: MailError): void {
		if (reported === error.code) return;
		reported = error.code;
		try {
			host.reportFault(error);
		} catch (cause) {
			host.log.error(`The fault could not be reported: ${toMailError(cause).message}`);
		}
	}

	const ended = live().finally(() => desk.leave(attendant));

	return {
		listening,
		async stop() {
			stopping.abort();
			visit?.wake();
			const leave = () => leaving.abort();
			if (visit === undefined && desk.flights.isQuiet) leave();
			const drain = setTimeout(leave, DRAIN_MS);
			drain.unref();
			void ended.finally(() => clearTimeout(drain));
			const grace = new AbortController();
			await Promise.race([ended, pause(CLOSE_GRACE_MS, grace.signal)]);
			grace.abort();
			if (desk.flights.isQuiet) leave();
		},
	};
}

function toLongestPauseMs({ code }: MailError, wasOpen: boolean): number {
	if (code === 'server.throttled') return THROTTLED_LAST_MS;
	// A connection that timed out has not been ended by the server, and a network comes back at any time.
	const isTurnedAway = code.startsWith('server.') || (wasOpen && code !== 'connection.timeout');
	return isTurnedAway ? TURNED_AWAY_LAST_MS : RECONNECT_LAST_MS;
}

function toMailError(error: unknown): MailError {
	if (isMailError(error)) return error;
	return new MailError('engine.unexpected', {
		subject: toReplyLine(String(error)),
		cause: error,
		retryable: true,
	});
}
