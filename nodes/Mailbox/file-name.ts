import type { AttachmentInfo } from '../../mail/message';
import { createRefusal } from '../../mail/routing/refusal';
import { foldText } from '../../mail/routing/text-fold';
import { splitFilledList } from '../../mail/routing/value-list';

/**
 * Asks whether an attachment's name is one of a `;` list of patterns, in which `*` stands for any characters. Case does
 * not count. Throws MailError `settings.invalid` that names `place`.
 */
export function createFileNameMatcher(
	list: string,
	place: string,
): (attachment: AttachmentInfo) => boolean {
	const patterns = splitFilledList(list, 'file names', createRefusal(place)).map((pattern) =>
		foldText(pattern).split('*'),
	);
	return ({ fileName }) => {
		const name = foldText(fileName);
		return patterns.some((pieces) => hasPieces(name, pieces));
	};
}

/** The pieces between the stars occur one after the other. Linear, where a regular expression could take for ever. */
function hasPieces(name: string, pieces: readonly string[]): boolean {
	const [first = '', ...rest] = pieces;
	const last = rest.pop();
	if (last === undefined) return name === first;
	if (!name.startsWith(first)) return false;
	let at = first.length;
	for (const piece of rest) {
		const found = name.indexOf(piece, at);
		if (found < 0) return false;
		at = found + piece.length;
	}
	return name.length - last.length >= at && name.endsWith(last);
}
