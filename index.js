// n8n loads the files that the "n8n" section of package.json names; there is nothing to import from here.
module.exports = {};
