import { accepted, json, type Answer } from '../http/answer';
import type { Directory } from '../directory/directory';
import { sizeOf } from '../mailbox/attachment';
import type { NewMessage } from '../mailbox/mailbox';
import { Message } from '../mailbox/message';
import type { Transport } from '../mailbox/transport';
import { folderOf, jsonBody, messageOf, type GraphCall, type Route } from './call';
import { toDraft, toMimeDraft } from './draft';
import { badRequest, GraphError } from './graph-error';
import { toMessageJson } from './message-json';
import { findSender } from './sender-right';
import { messageShape, readShape, sendMailShape } from './write-shape';

export interface SendLimits {
	/** Exchange's default is 35 MB; a tenant may raise it to 150 MB. */
	messageBytes: number;
	recipients: number;
}

export function createSendRoutes(
	directory: Directory,
	transport: Transport,
	limits: SendLimits,
): readonly Route[] {
	const submit = (call: GraphCall, message: Message, save: boolean) => {
		checkMessage(message, limits);
		const { from, sender } = findSender(call, message.content.from, directory);
		message.content = { ...message.content, from, sender, isDraft: false, isRead: true };
		message.sentMs = call.nowMs;
		transport.send(message, call.owner, save);
	};

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
			handle: (call) => {
				const message = messageOf(call);
				if (!message.content.isDraft) {
					throw new GraphError(400, 'ErrorInvalidOperation', 'Only drafts can be sent.');
				}
				if (call.request.headers['content-length'] !== '0') {
					throw new GraphError(
						411,
						'LengthRequired',
						'A POST without a body needs Content-Length: 0.',
					);
				}
				submit(call, message, true);
				call.mailbox.move(message, call.mailbox.folder('sentitems'));
				return accepted;
			},
		},
		{
			method: 'POST',
			pattern: 'sendMail',
			right: 'send',
			handle: async (call) => {
				const { made, save } = await readMail(call);
				const folder = call.mailbox.folder('sentitems');
				const message = new Message({
					...made,
					folder,
					plainId: '',
					immutableId: '',
					nowMs: call.nowMs,
				});
				message.mime = made.mime;
				message.attachments = (made.attachments ?? []).map((each) => ({ ...each, id: '' }));
				submit(call, message, save);
				if (save) call.mailbox.add({ ...made, content: message.content }, folder);
				return accepted;
			},
		},
	];
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
async function readMail(call: GraphCall): Promise<{ made: NewMessage; save: boolean }> {
	if (isMime(call)) {
		return { made: await toMimeDraft(call.request.body, call.owner, call.nowMs), save: true };
	}
	const { message, saveToSentItems } = readShape(sendMailShape, jsonBody(call));
	return { made: toDraft(message, call.owner, call.nowMs), save: saveToSentItems };
}

export function isMime({ request }: GraphCall): boolean {
	return /^text\/plain\b/i.test(request.headers['content-type'] ?? '');
}

function checkMessage({ content, attachments }: Message, limits: SendLimits): void {
	const all = [...content.toRecipients, ...content.ccRecipients, ...content.bccRecipients];
	const isWrong = ({ emailAddress }: (typeof all)[number]) =>
		!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(emailAddress.address);
	if (all.length === 0 || all.some(isWrong)) {
		throw new GraphError(400, 'ErrorInvalidRecipients', "At least one recipient isn't valid.");
	}
	if (all.length > limits.recipients) {
		throw badRequest(`A message may have ${limits.recipients} recipients at most.`);
	}
	const size = attachments.reduce((sum, each) => sum + sizeOf(each), content.body.content.length);
	if (size > limits.messageBytes) {
		throw new GraphError(
			413,
			'ErrorMessageSizeExceeded',
			'The message exceeds the maximum supported size.',
		);
	}
}
