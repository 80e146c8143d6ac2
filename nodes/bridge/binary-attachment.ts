import { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../mail/errors';
import { toExcerpt } from '../../mail/excerpt';
import type { OutgoingAttachment } from '../../mail/outgoing';

type Binaries = Pick<IExecuteFunctions['helpers'], 'getBinaryStream'>;

/** Read from n8n's store in pieces of this size; it is asked for no more than it sends. */
const CHUNK_BYTES = 64 * 1024;

/** Of base64: a multiple of four, so that no byte is cut. */
const CHUNK_CHARACTERS = 256 * 1024;

/** The names of all binary properties of an item. */
export function binaryPropertiesOf(item: INodeExecutionData): string[] {
	return Object.keys(item.binary ?? {});
}

/**
 * A binary property as an attachment: a stream out of n8n's binary store where it lies there (file system,
 * database, S3), otherwise the base64 text inside the item. Nothing is read before the mail is written.
 * Throws `message.invalid` where the item has no such property.
 *
 * @param contentId set: an image inside the HTML, see `OutgoingAttachment`
 */
export function toOutgoingAttachment(
	helpers: Binaries,
	item: INodeExecutionData,
	property: string,
	contentId?: string,
): OutgoingAttachment {
	const binary = item.binary?.[property];
	if (binary === undefined) throw missing(item, property);
	return {
		fileName: toFileName(binary, property),
		mimeType: binary.mimeType,
		contentId,
		open: async () =>
			binary.id === undefined || binary.id === ''
				? Readable.from(decode(binary.data), { objectMode: false })
				: await helpers.getBinaryStream(binary.id, CHUNK_BYTES),
	};
}

/** Piece by piece: the whole would be a second copy of the file in memory. */
function* decode(base64: string): Generator<Buffer> {
	for (let at = 0; at < base64.length; at += CHUNK_CHARACTERS) {
		yield Buffer.from(base64.slice(at, at + CHUNK_CHARACTERS), 'base64');
	}
}

function toFileName({ fileName, fileExtension }: IBinaryData, property: string): string {
	if (fileName !== undefined && fileName !== '') return fileName;
	return fileExtension === undefined || fileExtension === ''
		? property
		: `${property}.${fileExtension}`;
}

function missing(item: INodeExecutionData, property: string): MailError {
	const names = binaryPropertiesOf(item).map(toExcerpt).join(', ');
	return new MailError('message.invalid', {
		subject: `the item has no binary property ${toExcerpt(property)}`,
		remedy:
			names === ''
				? 'The item holds no binary data at all. Check that the node before passes its files on.'
				: `The item has these: ${names}.`,
	});
}
