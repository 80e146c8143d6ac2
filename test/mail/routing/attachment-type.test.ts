import { createAttachmentTypeMatcher } from '../../../mail/routing/attachment-type';
import { attachment } from './head';

describe('A matcher of attachment types', () => {
	const isWanted = createAttachmentTypeMatcher('.PDF; image/*', 'Attachment Types');

	test('knows files by extension and by MIME type, inline or not', () => {
		expect(isWanted(attachment({ fileName: 'a.pdf' }))).toBe(true);
		expect(isWanted(attachment({ mimeType: 'image/png', inline: true }))).toBe(true);
		expect(isWanted(attachment({ fileName: 'a.txt', mimeType: 'text/plain' }))).toBe(false);
	});

	test('refuses a malformed list with its place', () => {
		expect(() => createAttachmentTypeMatcher('.pdf; *', 'Attachment Types')).toThrow(
			'Attachment Types: "*" is neither an extension such as .pdf nor a type such as image/*',
		);
		expect(() => createAttachmentTypeMatcher(';', 'Attachment Types')).toThrow(
			'Attachment Types: the list of attachment types is empty',
		);
	});
});
