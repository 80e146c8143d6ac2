import { BYTES_IN_FLIGHT, EXECUTION_REPORT_MS } from '../limits';
import { Flights } from './flight';
import type { Ledger } from './ledger';
import type { OpenMail } from './open-mail';

/** What one execution was given. */
export interface Cargo {
	readonly mails: readonly OpenMail[];
	/** They left by the error output: whatever becomes of that execution, there is no further attempt. */
	readonly isLastWord: boolean;
}

/** Somebody who watches the folder and acknowledges what has ended. */
export interface Attendant {
	wake(): void;
	/** Another one has taken over. */
	relieve(): void;
}

/**
 * What this process knows of one watched folder, beyond the life of a watch: when a workflow is saved while it works,
 * the new watch finds the ledger and the executions under way, and none of their mails is given again.
 */
export class Desk {
	ledger: Ledger | undefined;
	readonly flights: Flights<Cargo>;
	#attendant: Attendant | undefined;

	constructor(private readonly onEmpty: () => void) {
		const limits = { bytes: BYTES_IN_FLIGHT, slotMs: EXECUTION_REPORT_MS };
		this.flights = new Flights<Cargo>(limits, () => this.wake());
	}

	/** @param executionsAtATime what this attendant wants under way at most */
	attend(attendant: Attendant, executionsAtATime: number): void {
		this.flights.executionsAtATime = executionsAtATime;
		this.#attendant?.relieve();
		this.#attendant = attendant;
	}

	/** Whoever attends now finds work that another one has left. */
	wake(): void {
		this.#attendant?.wake();
	}

	/** Nobody acknowledges any more; what ends from now on is read again by the next start. */
	leave(attendant: Attendant): void {
		if (this.#attendant !== attendant) return;
		this.#attendant = undefined;
		this.onEmpty();
	}
}

const desks = new Map<string, Desk>();

/** The desk of a watched folder in this process. */
export function openDesk(watchKey: string): Desk {
	const present = desks.get(watchKey);
	if (present !== undefined) return present;
	const desk = new Desk(() => {
		// While executions are under way, a new watch has to know of them.
		if (desk.flights.isQuiet) desks.delete(watchKey);
	});
	desks.set(watchKey, desk);
	return desk;
}
