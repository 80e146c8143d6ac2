import { toExcerpt } from '../excerpt';
import type { AttachmentInfo } from '../message';
import type { Alternative } from './alternative';
import { createRefusal, type Refuse } from './refusal';
import { foldText } from './text-fold';
import { splitFilledList } from './value-list';

/** Names such as `backup.tar.gz` count under each of their last extensions: `.gz`, `.tar.gz`. */
const EXTENSION_PARTS = 4;

const EXTENSION = /^(?:\*?\.)?([^\s.*?"<>|:/\\]+(?:\.[^\s.*?"<>|:/\\]+)*)$/u;

/** RFC 6838, section 4.2; `*` for any subtype, or for both parts. */
const MIME_PATTERN = /^(?:\*\/\*|[a-z0-9][a-z0-9!#$&^_.+-]*\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]*))$/;

/** `pdf`, `.pdf`, `*.pdf` by file name; `application/pdf`, `image/*` by MIME type. Case does not count. */
export function toAttachmentAlternative(pattern: string, refuse: Refuse): Alternative {
	const key = pattern.includes('/') ? toMimeKey(pattern) : toExtensionKey(pattern);
	if (key === undefined) {
		return refuse(
			`${toExcerpt(pattern)} is neither an extension such as .pdf nor a type such as image/*`,
		);
	}
	return { key, because: `an attachment is of type ${toExcerpt(pattern)}` };
}

/**
 * Asks whether an attachment is of one of the types of a `;` list, inline or not. Throws MailError `settings.invalid`
 * that names `place` where the list is empty or malformed.
 */
export function createAttachmentTypeMatcher(
	list: string,
	place: string,
): (attachment: AttachmentInfo) => boolean {
	const refuse = createRefusal(place);
	const keys = splitFilledList(list, 'attachment types', refuse).map(
		(pattern) => toAttachmentAlternative(pattern, refuse).key,
	);
	return (attachment) => {
		const found = toAttachmentKeys([attachment]);
		return keys.some((key) => found.has(key));
	};
}

/** The keys of all patterns that one of the attachments fulfils. */
export function toAttachmentKeys(attachments: Iterable<AttachmentInfo>): Set<string> {
	const keys = new Set<string>();
	for (const { fileName, mimeType } of attachments) {
		addExtensionKeys(keys, foldText(fileName));
		addMimeKeys(keys, mimeType.trim().toLowerCase());
	}
	return keys;
}

function addExtensionKeys(keys: Set<string>, fileName: string): void {
	let dot = fileName.length;
	for (let part = 0; part < EXTENSION_PARTS && dot > 0; part++) {
		dot = fileName.lastIndexOf('.', dot - 1);
		if (dot === -1) return;
		keys.add(fileName.slice(dot));
	}
}

function addMimeKeys(keys: Set<string>, mimeType: string): void {
	keys.add('*/*');
	const slash = mimeType.indexOf('/');
	if (slash === -1) return;
	keys.add(mimeType);
	keys.add(`${mimeType.slice(0, slash)}/*`);
}

function toExtensionKey(pattern: string): string | undefined {
	const extension = EXTENSION.exec(pattern)?.[1];
	if (extension === undefined || extension.split('.').length > EXTENSION_PARTS) return undefined;
	return `.${foldText(extension)}`;
}

function toMimeKey(pattern: string): string | undefined {
	const lower = pattern.toLowerCase();
	return MIME_PATTERN.test(lower) ? lower : undefined;
}
