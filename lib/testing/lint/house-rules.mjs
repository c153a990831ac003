/** Names that sentences for people go by here. */
const WORDS = new Set([
  'message',
  'reason',
  'detail',
  'sentence',
  'said',
  'words',
  'title',
  'headline',
  'lead',
  'failure',
  'why',
  'output',
  'stdout',
  'stderr',
]);
/** What a text, or a list or pattern of texts, is asked. */
const QUESTIONS = new Set([
  'includes',
  'startsWith',
  'endsWith',
  'match',
  'matchAll',
  'search',
  'indexOf',
  'lastIndexOf',
  'test',
  'exec',
  'has',
  'localeCompare',
]);
/** What gives the same sentence in another form. */
const FORMS = new Set([
  'toString',
  'toLowerCase',
  'toUpperCase',
  'trim',
  'trimStart',
  'trimEnd',
  'slice',
  'replace',
  'replaceAll',
  'normalize',
]);
const EQUAL = new Set(['===', '!==', '==', '!=']);

const nameOf = (node) =>
  node.computed ? (node.property.type === 'Literal' ? node.property.value : null) : node.property.name;

/** What a signal was aborted with is a value. */
const isOfSignal = ({ object }) => (object.type === 'MemberExpression' ? nameOf(object) : object.name) === 'signal';

/** Whether an expression is a sentence, by its name. */
function isWords(node) {
  switch (node?.type) {
    case 'Identifier':
      return WORDS.has(node.name);
    case 'MemberExpression':
      return WORDS.has(nameOf(node)) && !isOfSignal(node);
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return isWords(node.expression);
    case 'LogicalExpression':
      return isWords(node.left);
    case 'ConditionalExpression':
      return isWords(node.consequent) || isWords(node.alternate);
    case 'CallExpression':
      if (node.callee.type === 'Identifier' && node.callee.name === 'String') return isWords(node.arguments[0]);
      return node.callee.type === 'MemberExpression' && FORMS.has(nameOf(node.callee)) && isWords(node.callee.object);
    default:
      return false;
  }
}

/** Whether there is one at all is not what it says. */
const isNothing = (node) =>
  (node.type === 'Literal' && (node.value === null || node.value === '')) ||
  (node.type === 'Identifier' && node.name === 'undefined');

const rule = {
  meta: {
    type: 'problem',
    docs: { description: 'Nothing is decided by what a sentence says: errors have codes, checks have reasons.' },
  },
  create(context) {
    const report = (node) =>
      context.report({
        node,
        message: 'Nothing is decided by what a sentence says: give it a code, or a reason with its details.',
      });
    return {
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression' || !QUESTIONS.has(nameOf(callee))) return;
        if (isWords(callee.object) || node.arguments.some(isWords)) report(node);
      },
      BinaryExpression(node) {
        if (
          EQUAL.has(node.operator) &&
          !isNothing(node.left) &&
          !isNothing(node.right) &&
          (isWords(node.left) || isWords(node.right))
        )
          report(node);
      },
      SwitchStatement(node) {
        if (isWords(node.discriminant)) report(node);
      },
      MemberExpression(node) {
        if (node.computed && isWords(node.property)) report(node);
      },
    };
  },
};

export default { meta: { name: 'house' }, rules: { 'no-decision-on-words': rule } };
