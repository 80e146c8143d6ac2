import type { IRun } from 'n8n-workflow';
import { toReplyLine } from '../../mail/errors';
import type { DeliveryEnd } from '../../mail/inbox/delivery';

/**
 * What n8n's report says of an execution. In queue mode its data are empty but for status and error, so nothing else
 * is looked at. A workflow that waits (for an answer, for a time) has taken the mails.
 */
export function toRunEnd(run: IRun): DeliveryEnd {
	if (run.status === 'crashed') return { kind: 'interrupted' };
	if (run.status !== 'error') return { kind: 'succeeded' };
	if (wasAbandoned(run)) return { kind: 'interrupted' };
	return { kind: 'failed', reason: toReason(run.data?.resultData?.error) };
}

/**
 * A worker died with the execution: no node is named in the report, and its error was put together by n8n's main
 * process. A workflow that fails names the node; one that cannot start at all fails with an error of this process.
 */
function wasAbandoned({ data }: IRun): boolean {
	const { lastNodeExecuted, runData, error } = data?.resultData ?? {};
	if (lastNodeExecuted !== undefined || error instanceof Error) return false;
	return data !== undefined && Object.keys(runData ?? {}).length === 0;
}

function toReason(error: unknown): string {
	const message = textOf(error, 'message');
	return message === '' ? 'the workflow failed' : toReplyLine(message);
}

function textOf(error: unknown, property: string): string {
	const value: unknown =
		typeof error === 'object' && error !== null ? Reflect.get(error, property) : undefined;
	return typeof value === 'string' ? value : '';
}
