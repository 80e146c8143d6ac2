import { accepted, json, type Answer } from '../http/answer';
import type { NewMessage } from '../mailbox/mailbox';
import { folderOf, isMime, jsonBody, messageOf, type GraphCall, type Route } from './call';
import { toDraft, toMimeDraft } from './draft';
import { GraphError } from './graph-error';
import { toMessageJson } from './message-json';
import type { Submission } from './submission';
import { messageShape, readShape, sendMailShape } from './write-shape';

export function createSendRoutes(submission: Submission): readonly Route[] {
	return [
		{
			method: 'POST',
			pattern: 'messages',
			right: 'write',
			handle: async (call) => await createDraft(call, 'drafts'),
		},
		{
			method: 'POST',
			pattern: 'mailFolders/:folder/messages',
			right: 'write',
			handle: async (call) => await createDraft(call, folderOf(call).id),
		},
		{
			method: 'POST',
			pattern: 'messages/:message/send',
			right: 'send',
			handle: (call) => sendDraft(call, submission),
		},
		{
			method: 'POST',
			pattern: 'sendMail',
			right: 'send',
			handle: async (call) => {
				const { made, isKept } = await readMail(call);
				submission.submitNew(call, made, isKept);
				return accepted;
			},
		},
	];
}

function sendDraft(call: GraphCall, submission: Submission): Answer {
	const message = messageOf(call);
	if (!message.content.isDraft) {
		throw new GraphError(400, 'ErrorInvalidOperation', 'Only drafts can be sent.');
	}
	if (call.request.headers['content-length'] !== '0') {
		throw new GraphError(411, 'LengthRequired', 'A POST without a body needs Content-Length: 0.');
	}
	submission.submit(call, message, true);
	submission.file(call, message);
	return accepted;
}

async function createDraft(call: GraphCall, folder: string): Promise<Answer> {
	const { mailbox, preferences } = call;
	const place = mailbox.findFolder(folder) ?? mailbox.folder('drafts');
	const made = isMime(call)
		? await toMimeDraft(call.request.body, call.owner, call.nowMs)
		: toDraft(readShape(messageShape, jsonBody(call)), call.owner, call.nowMs);
	return json(201, toMessageJson(mailbox.add(made, place), preferences));
}

/** MIME cannot say that no copy is wanted. */
async function readMail(call: GraphCall): Promise<{ made: NewMessage; isKept: boolean }> {
	if (isMime(call)) {
		return { made: await toMimeDraft(call.request.body, call.owner, call.nowMs), isKept: true };
	}
	const { message, saveToSentItems } = readShape(sendMailShape, jsonBody(call));
	return { made: toDraft(message, call.owner, call.nowMs), isKept: saveToSentItems };
}
