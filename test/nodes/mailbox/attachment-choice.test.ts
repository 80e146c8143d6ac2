import type { AttachmentInfo } from '../../../mail/message';
import {
	createAttachmentChooser,
	type AttachmentChoice,
} from '../../../nodes/Mailbox/attachment-choice';

const MB = 1024 * 1024;

const file = (fileName: string, encodedSizeBytes = 1_000, inline = false): AttachmentInfo => ({
	part: '2',
	fileName,
	mimeType: fileName.endsWith('.png') ? 'image/png' : 'application/pdf',
	encodedSizeBytes,
	contentId: '',
	inline,
});

const choose = (attachments: AttachmentInfo[], choice: Partial<AttachmentChoice> = {}) => {
	const chosen = createAttachmentChooser({
		fileNames: '',
		fileTypes: '',
		includeInline: false,
		limitBytes: 50 * MB,
		totalBytes: 200 * MB,
		...choice,
	})(attachments);
	return { names: chosen.attachments.map(({ fileName }) => fileName), warnings: chosen.warnings };
};

describe('the choice of attachments', () => {
	it.each([
		['invoice*.pdf', ['Invoice 1.pdf', 'invoice.pdf']],
		['*1*', ['Invoice 1.pdf', 'photo1.png']],
		['INVOICE.PDF; photo*', ['invoice.pdf', 'photo1.png']],
		['invoice*voice.pdf', []],
		['*', ['Invoice 1.pdf', 'invoice.pdf', 'photo1.png']],
	])('takes names like %s', (fileNames, expected) => {
		const files = [file('Invoice 1.pdf'), file('invoice.pdf'), file('photo1.png')];
		expect(choose(files, { fileNames }).names).toEqual(expected);
	});

	it('takes types, and images inside the text only on demand', () => {
		const files = [file('a.pdf'), file('b.png'), file('logo.png', 1_000, true)];
		expect(choose(files, { fileTypes: 'image/*' }).names).toEqual(['b.png']);
		expect(choose(files, { fileTypes: '.png', includeInline: true }).names).toEqual([
			'b.png',
			'logo.png',
		]);
	});

	it('leaves out what is too large, and says which and why', () => {
		const files = [file('small.pdf'), file('large.pdf', 100 * MB), file('other.png', 90 * MB)];
		const { names, warnings } = choose(files, { fileTypes: '.pdf' });
		expect(names).toEqual(['small.pdf']);
		expect(warnings).toEqual([
			'The attachment "large.pdf" was left out: it has about 73 MB, the limit is 50 MB.',
		]);
	});

	it('leaves out what is too much together, and takes what still fits', () => {
		const files = [file('a.pdf', 8 * MB), file('b.pdf', 8 * MB), file('c.pdf', MB)];
		const { names, warnings } = choose(files, { totalBytes: 10 * MB });
		expect(names).toEqual(['a.pdf', 'c.pdf']);
		expect(warnings).toEqual(['The attachment "b.pdf" was left out: all together are too large.']);
	});
});
