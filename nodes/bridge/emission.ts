import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';
import type { Delivery, DeliveryEnd, ExecutionRecords } from '../../mail/inbox/delivery';
import type { Log } from '../../mail/ports';
import { toRunEnd } from './run-end';
import { awaitEndOfRefused, awaitRecordedEnd, awaitStored } from './record-watch';

export interface EmissionSettings {
	/** Whether it matters when an execution is stored; finding that out costs a look into n8n's records. */
	readonly tellsStored: boolean;
}

/**
 * Starts executions. n8n reports the end of one through a promise that may resolve with nothing (an execution of this
 * key exists), reject (cancelled, or never started), or never settle (queue mode, older hosts): what it leaves open, its
 * records tell.
 */
export function createEmission(
	context: ITriggerFunctions,
	records: ExecutionRecords,
	{ tellsStored }: EmissionSettings,
	log: Log,
) {
	let reportsEnd = true;

	return function emit(outputs: INodeExecutionData[][], key: string): Delivery {
		const over = new AbortController();
		const end = start(outputs, key, over.signal).finally(() => over.abort());
		return tellsStored ? { end, stored: awaitStored(records, key, over.signal) } : { end };
	};

	async function start(
		outputs: INodeExecutionData[][],
		key: string,
		over: AbortSignal,
	): Promise<DeliveryEnd> {
		if (!reportsEnd) return emitBlindly(outputs, key);
		const done = context.helpers.createDeferredPromise<IRun>();
		try {
			context.emit(outputs, undefined, done, key);
		} catch (error) {
			log.error(`The execution could not be started: ${toText(error)}`);
			return { kind: 'notStarted' };
		}
		return await Promise.race([
			hear(done.promise, outputs, key, over),
			awaitRecordedEnd(records, key, over),
		]);
	}

	async function hear(
		report: Promise<IRun | undefined>,
		outputs: INodeExecutionData[][],
		key: string,
		over: AbortSignal,
	): Promise<DeliveryEnd> {
		try {
			const run = await report;
			if (run !== undefined) return toRunEnd(run);
			// Refused: there is an execution with this key, which may be over, under way, or never have run.
			log.debug('n8n has an execution for these e-mails already: asking how it ended');
			return await awaitEndOfRefused(records, key, over);
		} catch (error) {
			if (isCancellation(error)) return { kind: 'succeeded' };
			if (isUnsupported(error)) {
				reportsEnd = false;
				log.warn(
					'This n8n does not report the end of executions: e-mails count as processed once given.',
				);
				return emitBlindly(outputs, key);
			}
			log.error(`The execution could not be started: ${toText(error)}`);
			return { kind: 'notStarted' };
		}
	}

	function emitBlindly(outputs: INodeExecutionData[][], key: string): DeliveryEnd {
		try {
			context.emit(outputs, undefined, undefined, key);
			return { kind: 'succeeded' };
		} catch (error) {
			log.error(`The execution could not be started: ${toText(error)}`);
			return { kind: 'notStarted' };
		}
	}
}

/** n8n-workflow's ExecutionCancelledError and its kinds; compared by name, since hosts carry their own copy. */
function isCancellation(error: unknown): boolean {
	return error instanceof Error && /ExecutionCancelledError$/.test(error.constructor.name);
}

/** Engine v2 refuses triggers that ask for the end of the execution. */
function isUnsupported(error: unknown): boolean {
	return error instanceof Error && error.constructor.name === 'UserError';
}

function toText(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
