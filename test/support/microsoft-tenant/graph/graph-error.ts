import { randomUUID } from 'node:crypto';
import { json, type Answer } from '../http/answer';

/** A request that Graph refuses. */
export class GraphError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly headers: Readonly<Record<string, string>> = {},
	) {
		super(message);
	}
}

/** https://learn.microsoft.com/graph/errors */
export function toGraphErrorAnswer(error: GraphError, nowMs: number, clientId: string): Answer {
	const requestId = randomUUID();
	return json(
		error.status,
		{
			error: {
				code: error.code,
				message: error.message,
				innerError: {
					date: new Date(nowMs).toISOString().slice(0, 19),
					'request-id': requestId,
					'client-request-id': clientId === '' ? requestId : clientId,
				},
			},
		},
		{ 'request-id': requestId, ...error.headers },
	);
}

export const badRequest = (message: string) => new GraphError(400, 'BadRequest', message);
export const accessDenied = (message = 'Access is denied. Check credentials and try again.') =>
	new GraphError(403, 'ErrorAccessDenied', message);
export const itemNotFound = () =>
	new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
export const invalidToken = (message: string) =>
	new GraphError(401, 'InvalidAuthenticationToken', message);
