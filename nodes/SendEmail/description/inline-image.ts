import type { INodeProperties } from 'n8n-workflow';

export const inlineImageOption: INodeProperties = {
	displayName: 'Inline Images',
	name: 'inlineImages',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Image',
	default: {},
	description: 'Images that the HTML shows inside the message',
	options: [
		{
			displayName: 'Image',
			name: 'image',
			values: [
				{
					displayName: 'Binary Property',
					name: 'property',
					type: 'string',
					default: '',
					placeholder: 'e.g. logo',
					hint: 'The name of the binary property that holds the image',
				},
				{
					displayName: 'Content-ID',
					name: 'contentId',
					type: 'string',
					default: '',
					placeholder: 'e.g. logo',
					hint: 'For logo, write &lt;img src="cid:logo"&gt; in the HTML',
				},
			],
		},
	],
};
