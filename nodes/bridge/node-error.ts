import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { isMailError, type MailError, type MailErrorCode } from '../../mail/errors';

/** Faults of the workflow or the connector; all others come from a server or from the way to it. */
const ownFaults: ReadonlySet<MailErrorCode> = new Set<MailErrorCode>([
	'settings.invalid',
	'settings.outputsMoved',
	'message.invalid',
	'limit.exceeded',
	'connector.disabled',
	'connector.wrongUse',
	'connector.noDefault',
	'auth.certificate',
	'send.cancelled',
]);

/**
 * The error as n8n shows it: what failed and the server's words as message, the remedy as description. Without
 * its cause, whose stack and fields are of no use to the user. Errors of n8n itself pass as they are.
 */
export function toNodeError(
	error: unknown,
	node: INode,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (!isMailError(error)) {
		const cause = error instanceof Error ? error : String(error);
		return new NodeOperationError(node, cause, { itemIndex });
	}
	const nodeError = createNodeError(error, node, itemIndex);
	// n8n replaces messages in which it finds the name of a system error.
	nodeError.message = error.message;
	return nodeError;
}

function createNodeError(
	{ code, message, remedy: description }: MailError,
	node: INode,
	itemIndex: number | undefined,
): NodeApiError | NodeOperationError {
	const options = { message, description, itemIndex };
	return ownFaults.has(code)
		? new NodeOperationError(node, message, options)
		: new NodeApiError(node, { message }, options);
}
