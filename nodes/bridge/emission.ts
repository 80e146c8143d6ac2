import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';
import type { DeliveryEnd } from '../../mail/inbox/delivery';
import { EXECUTION_REPORT_MS } from '../../mail/limits';
import type { Log } from '../../mail/ports';

/**
 * Starts one execution and resolves at its end. n8n reports the end through a promise that may resolve with
 * nothing (an execution of this key exists), reject (cancelled, or never started), or never settle (queue mode,
 * older hosts): then the end is assumed after `EXECUTION_REPORT_MS`.
 */
export function createEmission(context: ITriggerFunctions, log: Log) {
	let reportsEnd = true;

	return async function emit(outputs: INodeExecutionData[][], key: string): Promise<DeliveryEnd> {
		if (!reportsEnd) return emitBlindly(outputs, key);
		const done = context.helpers.createDeferredPromise<IRun>();
		try {
			context.emit(outputs, undefined, done, key);
		} catch (error) {
			log.error(`The execution could not be started: ${toText(error)}`);
			return 'notStarted';
		}
		try {
			const run = await firstOf(done.promise, EXECUTION_REPORT_MS);
			return run === undefined ? 'duplicate' : 'ended';
		} catch (error) {
			if (isCancellation(error)) return 'ended';
			if (isUnsupported(error)) {
				reportsEnd = false;
				log.warn(
					'This n8n does not report the end of executions: e-mails count as processed once given.',
				);
				return emitBlindly(outputs, key);
			}
			log.error(`The execution could not be started: ${toText(error)}`);
			return 'notStarted';
		}
	};

	function emitBlindly(outputs: INodeExecutionData[][], key: string): DeliveryEnd {
		context.emit(outputs, undefined, undefined, key);
		return 'ended';
	}
}

const NEVER_REPORTED = Symbol('never reported');

/** n8n types the promise as always holding a run; it resolves with nothing for a refused duplicate. */
async function firstOf(run: Promise<IRun | undefined>, timeoutMs: number) {
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<typeof NEVER_REPORTED>((resolve) => {
		timer = setTimeout(() => resolve(NEVER_REPORTED), timeoutMs);
		timer.unref();
	});
	return await Promise.race([run, timeout]).finally(() => clearTimeout(timer));
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
