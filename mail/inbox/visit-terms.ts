import type { Log, MailboxSession } from '../ports';
import type { AcknowledgeSettings } from './acknowledgement';
import type { CheckpointStore } from './checkpoint';
import type { Deliver, ExecutionRecords } from './delivery';
import type { Desk } from './desk';
import type { Intake } from './intake';
import type { Ledger } from './ledger';

export interface VisitSettings extends AcknowledgeSettings {
	/** Under way at most. */
	readonly executionsAtATime: number;
	/** Tells this watch from all others of the host. */
	readonly watchKey: string;
	/** Mails that may travel as items of one execution: so many only when very many wait. */
	readonly messagesPerExecution: number;
}

export interface VisitHost {
	readonly deliver: Deliver;
	readonly records: ExecutionRecords;
	readonly checkpoints: CheckpointStore;
	readonly log: Log;
}

/** Who ends a visit. */
export interface VisitEnd {
	/** No more mail is taken; what is under way is still acknowledged. */
	readonly stopping: AbortSignal;
	/** Nothing more is done: somebody else acknowledges, or nobody. */
	readonly leaving: AbortSignal;
	/** The sign-in ends soon: what is under way is acknowledged by the next visit. */
	readonly renewing: AbortSignal;
}

/** What one visit works with. */
export interface VisitParts {
	readonly session: MailboxSession;
	readonly desk: Desk;
	readonly ledger: Ledger;
	readonly intake: Intake;
	readonly settings: VisitSettings;
	readonly host: VisitHost;
	readonly end: VisitEnd;
}

/** No more mail is given by this visit. */
export function isEnding({ stopping, leaving, renewing }: VisitEnd): boolean {
	return stopping.aborted || leaving.aborted || renewing.aborted;
}
