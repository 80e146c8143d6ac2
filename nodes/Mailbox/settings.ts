import type { IExecuteFunctions } from 'n8n-workflow';
import * as z from 'zod';
import { MailError } from '../../mail/errors';
import type { MessageReference } from '../../mail/ports';
import { createParameterCheck } from '../bridge/parameter';
import { createAttachmentChooser, type ChooseAttachments } from './attachment-choice';
import { readKeywords } from './keyword';
import { type Operation, operations } from './operation/operation';
import { readReference } from './reference';
import { type SearchSettings, readSearchSettings } from './search-settings';

/** What happens to a message at the server. */
export type Change =
	| { readonly kind: 'addFlags' | 'removeFlags'; readonly flags: readonly string[] }
	| { readonly kind: 'copy' | 'move'; readonly folder: string }
	| { readonly kind: 'delete' };

/** The node's parameters for one item, checked and with every default filled in. */
export type MailboxSettings = { readonly operation: Operation } & (
	| {
			readonly kind: 'getMessage';
			readonly reference: MessageReference;
			readonly includeSource: boolean;
	  }
	| {
			readonly kind: 'getAttachments';
			readonly reference: MessageReference;
			readonly choose: ChooseAttachments;
	  }
	| { readonly kind: 'change'; readonly reference: MessageReference; readonly change: Change }
	| { readonly kind: 'search'; readonly search: SearchSettings }
);

const BYTES_PER_MB = 1024 * 1024;

const text = z.string().default('');
const folder = z.string().trim().min(1, 'no folder is chosen');
const megabytes = (preset: number) =>
	z
		.number()
		.positive()
		.default(preset)
		.transform((size) => size * BYTES_PER_MB);

const shape = {
	operation: z.enum(operations),
	findBy: z.enum(['reference', 'messageId']),
	messageId: z.string().trim().min(1, 'it is empty'),
	folder,
	targetFolder: folder,
	flagAction: z.enum(['add', 'remove']),
	labelAction: z.enum(['add', 'remove']),
	getMessageOptions: z.object({ includeRaw: z.boolean().default(false) }),
	getAttachmentsOptions: z.object({
		fileNames: text,
		fileTypes: text,
		includeInline: z.boolean().default(false),
		sizeLimitMb: megabytes(50),
		totalLimitMb: megabytes(200),
	}),
};

const check = createParameterCheck(shape, {
	operation: 'Operation',
	findBy: 'Find Email By',
	messageId: 'Message-ID',
	folder: 'Folder',
	targetFolder: 'Target Folder',
	flagAction: 'Action',
	labelAction: 'Action',
	getMessageOptions: 'Options',
	getAttachmentsOptions: 'Options',
});

export type ParameterSource = Pick<IExecuteFunctions, 'getNodeParameter' | 'getTimezone'>;

/** Throws MailError `settings.invalid`, which names the parameter as the editor calls it. */
export function readSettings(context: ParameterSource, itemIndex: number): MailboxSettings {
	const raw = (name: string, fallback: unknown, extractValue = false): unknown =>
		context.getNodeParameter(name, itemIndex, fallback, { extractValue });
	const read = <Name extends keyof typeof shape>(
		name: Name,
		fallback: unknown = '',
		extractValue = false,
	) => check(name, raw(name, fallback, extractValue));

	const operation = read('operation');
	if (operation === 'search') {
		return { operation, kind: 'search', search: readSearchSettings(context, itemIndex) };
	}
	const reference =
		read('findBy', 'reference') === 'reference'
			? readReference(raw('reference', null))
			: toReference(read('folder', 'INBOX', true), read('messageId'));
	const change = (wanted: Change): MailboxSettings => ({
		operation,
		kind: 'change',
		reference,
		change: wanted,
	});
	const flags = (action: 'add' | 'remove', names: readonly string[]): MailboxSettings =>
		change({ kind: action === 'add' ? 'addFlags' : 'removeFlags', flags: names });

	switch (operation) {
		case 'getMessage': {
			const { includeRaw } = read('getMessageOptions', {});
			return { operation, kind: 'getMessage', reference, includeSource: includeRaw };
		}
		case 'getAttachments': {
			const { sizeLimitMb, totalLimitMb, ...options } = read('getAttachmentsOptions', {});
			const limits = { limitBytes: sizeLimitMb, totalBytes: totalLimitMb };
			const choose = createAttachmentChooser({ ...options, ...limits });
			return { operation, kind: 'getAttachments', reference, choose };
		}
		case 'markRead':
			return flags('add', ['\\Seen']);
		case 'markUnread':
			return flags('remove', ['\\Seen']);
		case 'flag':
			return flags(read('flagAction', 'add'), ['\\Flagged']);
		case 'label':
			return flags(read('labelAction', 'add'), readKeywords(raw('labels', ''), 'Labels'));
		case 'copy':
		case 'move':
			return change({ kind: operation, folder: read('targetFolder', '', true) });
		case 'delete':
			return change({ kind: 'delete' });
	}
}

/** A Message-ID stands in angle brackets in its header, which users often leave out. */
function toReference(folderPath: string, given: string): MessageReference {
	const messageId = given.startsWith('<') ? given : `<${given}>`;
	if (/[\s\u0000-\u001f]/.test(messageId)) {
		throw new MailError('settings.invalid', { subject: 'Message-ID: it has blanks in it' });
	}
	return { folder: folderPath, uidValidity: '', uid: 0, messageId };
}
