import type { MessageStructureObject } from 'imapflow';
import { toContent } from '../../../../mail/drivers/mime/structure';
import { NESTING_DEPTH, PARTS } from '../../../../mail/limits';

type Node = Partial<MessageStructureObject> & { type: string };

const multipart = (subtype: string, ...childNodes: Node[]): Node => ({
	type: `multipart/${subtype}`,
	childNodes,
});

/** Part numbers as imapflow gives them: none for the root, `1.2` below. */
function number(node: Node, path: readonly number[] = []): Node {
	return {
		...node,
		...(path.length > 0 ? { part: path.join('.') } : {}),
		childNodes: node.childNodes?.map((child, index) => number(child, [...path, index + 1])),
	};
}

const read = (node: Node) => {
	const { blocks, attachments, warnings } = toContent(number(node));
	return {
		blocks: blocks.map(({ text, html }) => ({
			text: text.map(({ part }) => part),
			html: html.map(({ part }) => part),
		})),
		attachments: attachments.map(({ part, mimeType }) => `${part} ${mimeType}`),
		warnings,
	};
};

const plain: Node = { type: 'text/plain' };
const html: Node = { type: 'text/html' };
const pdf: Node = { type: 'application/pdf', disposition: 'attachment' };

describe('the readable content', () => {
	it('of a mail of one part is its body', () => {
		expect(read(plain)).toMatchObject({ blocks: [{ text: ['TEXT'], html: [] }], attachments: [] });
		expect(read(html)).toMatchObject({ blocks: [{ text: [], html: ['TEXT'] }] });
	});

	it('of alternatives is one stretch in both forms', () => {
		expect(read(multipart('alternative', plain, html)).blocks).toEqual([
			{ text: ['1'], html: ['2'] },
		]);
	});

	it('of alternatives is the best of each form, wherever it lies', () => {
		const related = multipart('related', html, { type: 'image/png', id: '<x>' });
		const content = read(multipart('alternative', plain, related));
		expect(content.blocks).toEqual([{ text: ['1'], html: ['2.1'] }]);
		expect(content.attachments).toEqual(['2.2 image/png']);
	});

	it('of several texts is all of them in order', () => {
		const content = read(multipart('mixed', plain, pdf, plain, html));
		expect(content.blocks).toEqual([
			{ text: ['1'], html: [] },
			{ text: ['3'], html: [] },
			{ text: [], html: ['4'] },
		]);
	});

	it('leaves other renderings of the same text alone', () => {
		const amp: Node = { type: 'text/x-amp-html' };
		expect(read(multipart('alternative', plain, amp, html)).attachments).toEqual([]);
		expect(read(multipart('mixed', plain, amp)).attachments).toEqual(['2 text/x-amp-html']);
	});

	it('does not reach into a forwarded message', () => {
		const forwarded: Node = {
			type: 'message/rfc822',
			childNodes: [multipart('mixed', plain, pdf)],
		};
		expect(read(multipart('mixed', plain, forwarded))).toMatchObject({
			blocks: [{ text: ['1'] }],
			attachments: ['2 message/rfc822'],
		});
	});

	it('of nothing is nothing', () => {
		expect(read(multipart('mixed'))).toEqual({ blocks: [], attachments: [], warnings: [] });
		expect(read({ type: 'multipart/mixed', childNodes: undefined }).blocks).toEqual([]);
	});
});

describe('an attachment', () => {
	it.each([
		['a text that says so', { ...plain, disposition: 'attachment' }, true],
		[
			'a text with a file name',
			{ ...plain, disposition: 'inline', dispositionParameters: { filename: 'a.txt' } },
			true,
		],
		['a text with the older kind of name', { ...plain, parameters: { name: 'a.txt' } }, true],
		['an inline text without a name', { ...plain, disposition: 'inline' }, false],
		['a calendar', { type: 'text/calendar' }, true],
		['a picture', { type: 'image/png' }, true],
	])('is %s: %#', (_title, node, expected) => {
		expect(read(multipart('mixed', plain, node)).attachments.length === 1).toBe(expected);
	});

	it('is not the body of a mail of one part that is merely called something', () => {
		expect(read({ ...plain, parameters: { name: 'message.txt' } }).attachments).toEqual([]);
	});

	it('that is the whole mail is fetched as TEXT', () => {
		const [attachment] = toContent(number(pdf)).attachments ?? [];
		expect(attachment).toMatchObject({ part: '1', fetchPart: 'TEXT' });
	});

	it('is inline where the text can refer to it', () => {
		const picture: Node = { type: 'image/png', id: '<logo@1>' };
		const inline = (node: Node) =>
			toContent(number(multipart('related', html, node))).attachments[0];
		expect(inline(picture)).toMatchObject({ inline: true, contentId: 'logo@1' });
		expect(inline({ ...picture, disposition: 'inline' })).toMatchObject({ inline: true });
		expect(inline({ ...picture, disposition: 'attachment' })).toMatchObject({ inline: false });
		expect(inline({ type: 'image/png', disposition: 'inline' })).toMatchObject({ inline: false });
	});

	it('has a name without control characters and a type that is one', () => {
		const odd: Node = { type: '/', dispositionParameters: { filename: 'a\r\nb\u0000.pdf' } };
		expect(toContent(number(multipart('mixed', odd))).attachments[0]).toMatchObject({
			fileName: 'a b .pdf',
			mimeType: 'application/octet-stream',
		});
	});
});

describe('limits', () => {
	it('leave out parts beyond the thousandth, and say so', () => {
		const content = read(multipart('mixed', ...Array.from({ length: PARTS + 5 }, () => pdf)));
		expect(content.attachments).toHaveLength(PARTS);
		expect(content.warnings).toHaveLength(1);
	});

	it('leave out what nests too deeply, and say so', () => {
		let node = plain;
		for (let depth = 0; depth <= NESTING_DEPTH; depth++) node = multipart('mixed', node);
		expect(read(node)).toMatchObject({ blocks: [], warnings: [expect.any(String) as string] });
	});
});
