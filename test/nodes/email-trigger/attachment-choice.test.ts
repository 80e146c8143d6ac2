import type { AttachmentInfo } from '../../../mail/message';
import {
	createAttachmentChooser,
	createLargeAttachmentChooser,
} from '../../../nodes/EmailTrigger/attachment-choice';
import { toHead } from '../../support/memory-mailbox';

const attachment = (changes: Partial<AttachmentInfo>): AttachmentInfo => ({
	part: '2',
	fileName: 'file.pdf',
	mimeType: 'application/pdf',
	encodedSizeBytes: 1000,
	contentId: '',
	inline: false,
	...changes,
});

const headWith = (...attachments: AttachmentInfo[]) => ({
	...toHead({ uid: 1, subject: '', receivedAt: new Date(), flags: new Set(), messageId: '' }),
	attachments,
});

const file = attachment({ part: '2' });
const image = attachment({ part: '3', fileName: 'logo.png', mimeType: 'image/png', inline: true });

describe('the attachments that travel with the item', () => {
	it.each([
		['files', ['2']],
		['all', ['2', '3']],
		['none', []],
	] as const)('are %s', (kind, parts) => {
		const choose = createAttachmentChooser({ kind, types: '', limitBytes: 10_000 });
		expect(choose(headWith(file, image)).map(({ part }) => part)).toEqual(parts);
	});

	it('are of the wanted types', () => {
		const choose = createAttachmentChooser({
			kind: 'all',
			types: '.png; text/*',
			limitBytes: 10_000,
		});
		expect(choose(headWith(file, image))).toEqual([image]);
	});

	it('are not larger than the limit, which counts the file and not its encoding', () => {
		const choose = createAttachmentChooser({ kind: 'files', types: '', limitBytes: 1000 });
		const fits = attachment({ encodedSizeBytes: 1368 });
		const tooLarge = attachment({ encodedSizeBytes: 1500 });
		expect(choose(headWith(fits, tooLarge))).toEqual([fits]);
	});

	it('are together not larger than what an item may hold', () => {
		const choose = createAttachmentChooser({
			kind: 'files',
			types: '',
			limitBytes: 8 * 1024 * 1024,
		});
		const half = () => attachment({ encodedSizeBytes: 5 * 1024 * 1024 });
		expect(choose(headWith(half(), half(), half(), file))).toHaveLength(3);
	});

	it('are refused as a setting when the list of types is malformed', () => {
		expect(() => createAttachmentChooser({ kind: 'all', types: 'p d f', limitBytes: 1 })).toThrow(
			'Attachment Types',
		);
	});
});

describe('the attachments that n8n is asked to store', () => {
	it('are those that are too large for the item, of the wanted kind and type', () => {
		const choose = createLargeAttachmentChooser({
			kind: 'files',
			types: '.pdf',
			limitBytes: 100_000,
		});
		const small = attachment({ part: '2' });
		const large = attachment({ part: '3', encodedSizeBytes: 3_000_000 });
		const film = attachment({ part: '4', encodedSizeBytes: 3_000_000, fileName: 'film.mp4' });
		const huge = attachment({ part: '5', encodedSizeBytes: 90_000_000 });
		const other = { ...film, mimeType: 'video/mp4' };
		expect(choose(headWith(small, large, other, huge))).toEqual([large]);
	});
});
