import * as z from 'zod';
import { json, type Answer } from '../http/answer';
import { splitPath, type ReceivedRequest } from '../http/request';
import { readJson } from './call';
import { readShape } from './write-shape';

/** https://learn.microsoft.com/graph/json-batching */
const shape = z.strictObject({
	requests: z
		.array(
			z.strictObject({
				id: z.string().min(1),
				method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
				url: z.string().startsWith('/'),
				headers: z.record(z.string(), z.string()).default({}),
				body: z.unknown().optional(),
				dependsOn: z.array(z.string()).default([]),
			}),
		)
		.min(1)
		.max(20),
});

/** Each part has its own status; the batch is 200 whatever becomes of them. A part waits for those it depends on. */
export async function answerBatch(
	batch: ReceivedRequest,
	answer: (request: ReceivedRequest, path: readonly string[]) => Promise<Answer>,
): Promise<Answer> {
	const { requests } = readShape(shape, readJson(batch));
	const done = new Map<string, Answer>();
	for (const part of requests) {
		const isHeldUp = part.dependsOn.some((id) => (done.get(id)?.status ?? 424) >= 400);
		done.set(
			part.id,
			isHeldUp
				? json(424, {
						error: { code: 'FailedDependency', message: 'A request it depends on failed.' },
					})
				: await answer(...toRequest(batch, part)),
		);
	}
	return json(200, {
		responses: [...done].map(([id, { status, headers, body }]) => ({
			id,
			status,
			...(headers === undefined ? {} : { headers }),
			...(body === undefined ? {} : { body: toBody(headers?.['content-type'], body) }),
		})),
	});
}

function toRequest(
	batch: ReceivedRequest,
	part: z.infer<typeof shape>['requests'][number],
): [ReceivedRequest, readonly string[]] {
	const [path = '', query = ''] = part.url.split('?', 2);
	const steps = splitPath(path);
	const isText = typeof part.body === 'string';
	const body =
		part.body === undefined ? '' : isText ? String(part.body) : JSON.stringify(part.body);
	const own = Object.entries(part.headers).map(([name, value]) => [name.toLowerCase(), value]);
	const headers = {
		authorization: batch.headers.authorization,
		'content-length': String(Buffer.byteLength(body)),
		...Object.fromEntries(own),
	};
	return [
		{
			number: batch.number,
			method: part.method,
			url: `/v1.0${part.url}`,
			path: ['v1.0', ...steps],
			query: new URLSearchParams(query),
			headers,
			body: Buffer.from(body),
		},
		steps,
	];
}

/** Binary parts are base64 in a batch. */
function toBody(contentType: string | undefined, body: string | Buffer): unknown {
	if (contentType?.startsWith('application/json')) return JSON.parse(body.toString());
	return Buffer.from(body).toString('base64');
}
