import type { IExecuteFunctions } from 'n8n-workflow';
import * as z from 'zod';
import { createParameterCheck } from '../../bridge/parameter';

export const operations = [
	'checkConnector',
	'forward',
	'reply',
	'replyAll',
	'saveDraft',
	'send',
	'sendAndWait',
] as const;

export type Operation = (typeof operations)[number];

const check = createParameterCheck({ operation: z.enum(operations) }, { operation: 'Operation' });

/** Throws `settings.invalid`. */
export function readOperation(context: Pick<IExecuteFunctions, 'getNodeParameter'>): Operation {
	return check('operation', context.getNodeParameter('operation', 0, null));
}
