import { accepted, json } from '../http/answer';
import { jsonBody, isMime, messageOf, type GraphCall, type Route } from './call';
import { toMimeDraft } from './draft';
import { badRequest } from './graph-error';
import { toMessageJson } from './message-json';
import { toResponse, withThread, type ResponseKind } from './response';
import type { Submission } from './submission';
import { forwardShape, readShape, replyShape } from './write-shape';
import type { NewMessage } from '../mailbox/mailbox';

const kinds: ReadonlyArray<{ readonly kind: ResponseKind; readonly create: string }> = [
	{ kind: 'reply', create: 'createReply' },
	{ kind: 'replyAll', create: 'createReplyAll' },
	{ kind: 'forward', create: 'createForward' },
];

/** Replies and forwards: drafts of them, and both steps in one. */
export function createReplyRoutes(submission: Submission): readonly Route[] {
	return kinds.flatMap(({ kind, create }): Route[] => [
		{
			method: 'POST',
			pattern: `messages/:message/${create}`,
			right: 'write',
			handle: async (call) => {
				const made = await read(call, kind, false);
				const draft = call.mailbox.add(made, call.mailbox.folder('drafts'));
				return json(201, toMessageJson(draft, call.preferences));
			},
		},
		{
			method: 'POST',
			pattern: `messages/:message/${kind}`,
			right: 'send',
			handle: async (call) => {
				submission.submitNew(call, await read(call, kind, true), true);
				return accepted;
			},
		},
	]);
}

/** `isSent`: a comment becomes text. In a draft it does not: https://learn.microsoft.com/graph/known-issues. */
async function read(call: GraphCall, kind: ResponseKind, isSent: boolean): Promise<NewMessage> {
	const original = messageOf(call);
	if (isMime(call)) {
		const made = await toMimeDraft(call.request.body, call.owner, call.nowMs);
		return kind === 'forward' ? made : { ...made, content: withThread(made.content, original) };
	}
	const body = call.request.body.length === 0 ? {} : jsonBody(call);
	const said =
		kind === 'forward'
			? readShape(forwardShape, body)
			: { ...readShape(replyShape, body), toRecipients: undefined };
	const { message, comment } = said;
	if (typeof comment === 'string' && message?.body !== undefined) {
		throw badRequest('Either a comment or the body of the message may be given, not both.');
	}
	return toResponse(original, {
		kind,
		owner: call.owner,
		message: { ...message, toRecipients: said.toRecipients ?? message?.toRecipients },
		comment: isSent ? (comment ?? '') : '',
		nowMs: call.nowMs,
	});
}
