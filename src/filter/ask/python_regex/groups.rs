//! Groups of Python patterns: captures, names, look-around, conditions, flags.

use super::{Kind, Piece, Refusal, Translator};

impl Translator {
    /// A group after its parenthesis; nothing for comments and global flags.
    pub(super) fn group(&mut self, depth: usize, may_set_flags: bool) -> Result<Option<Piece>, Refusal> {
        if !self.eat('?') {
            return self.capture(depth, None).map(Some);
        }
        match self.next().ok_or("unexpected end of pattern")? {
            'P' if self.eat('<') => {
                let name = self.until('>')?;
                if !is_identifier(&name) || self.names.contains_key(&name) {
                    return Err("bad or repeated group name");
                }
                self.capture(depth, Some(name)).map(Some)
            }
            'P' if self.eat('=') => {
                let name = self.until(')')?;
                let group = self.names.get(&name).copied().ok_or("unknown group name")?;
                self.reference(group).map(Some)
            }
            ':' => self.rest_of_group(depth, "(?:").map(Some),
            '>' => self.rest_of_group(depth, "(?>").map(Some),
            '#' => self.until(')').map(|_| None),
            '=' => self.look(depth, "(?=").map(Some),
            '!' => self.look(depth, "(?!").map(Some),
            '<' => match self.next() {
                Some('=') => self.look_behind(depth, "(?<=").map(Some),
                Some('!') => self.look_behind(depth, "(?<!").map(Some),
                _ => Err("unknown extension"),
            },
            '(' => self.conditional(depth).map(Some),
            letter => self.inline_flags(depth, letter, may_set_flags),
        }
    }

    pub(super) fn rest_of_group(&mut self, depth: usize, open: &str) -> Result<Piece, Refusal> {
        let flags = self.flags;
        let inner = self.alternatives(depth + 1);
        self.flags = flags;
        if !self.eat(')') {
            return inner.and(Err("missing ), unterminated subpattern"));
        }
        Ok(inner?.wrapped(open))
    }

    pub(super) fn capture(&mut self, depth: usize, name: Option<String>) -> Result<Piece, Refusal> {
        let number = self.groups.len();
        self.groups.push(None);
        if let Some(name) = name {
            self.names.insert(name, number);
        }
        let piece = self.rest_of_group(depth, "(")?;
        self.groups[number] = Some((piece.shortest, piece.longest));
        Ok(piece)
    }

    pub(super) fn look(&mut self, depth: usize, open: &str) -> Result<Piece, Refusal> {
        let inner = self.rest_of_group(depth, open)?;
        Ok(Piece::new(inner.text, Kind::Atom, 0))
    }

    pub(super) fn look_behind(&mut self, depth: usize, open: &str) -> Result<Piece, Refusal> {
        let inner = self.rest_of_group(depth, open)?;
        if inner.shortest != inner.longest {
            return Err("look-behind requires fixed-width pattern");
        }
        Ok(Piece::new(inner.text, Kind::Atom, 0))
    }

    /// `(?(1)yes|no)` after the second parenthesis.
    pub(super) fn conditional(&mut self, depth: usize) -> Result<Piece, Refusal> {
        let name = self.until(')')?;
        let group = match self.names.get(&name) {
            Some(group) => *group,
            None => name.parse().map_err(|_| "unknown group name")?,
        };
        if group == 0 || name.starts_with('+') {
            return Err("bad group number");
        }
        self.referred = self.referred.max(group);
        let yes = self.sequence(depth + 1, false)?;
        let no = if self.eat('|') { self.sequence(depth + 1, false)? } else { Piece::new("", Kind::Atom, 0) };
        if !self.eat(')') {
            return Err("conditional backref with more than two branches");
        }
        let text = match self.groups.get(group) {
            Some(Some(_)) => format!("(?({group}){}|{})", yes.text, no.text),
            // The group comes later or is still open, and so has not matched.
            _ => format!("(?:{})", no.text),
        };
        let (shortest, longest) = (yes.shortest.min(no.shortest), yes.longest.max(no.longest));
        Ok(Piece { text, kind: Kind::Atom, shortest, longest })
    }

    /// `(?i)`, `(?i:...)`, `(?-i:...)` after the first letter or the minus sign.
    pub(super) fn inline_flags(
        &mut self,
        depth: usize,
        first: char,
        may_set_flags: bool,
    ) -> Result<Option<Piece>, Refusal> {
        const BAD: Refusal = "bad inline flags";
        let before = self.flags;
        let (mut negative, mut letter, mut changed, mut unicode) = (false, first, 0, false);
        let closing = loop {
            match letter {
                ':' if changed > 0 => break ':',
                ')' if changed > 0 && !negative => break ')',
                '-' if !negative => (negative, changed) = (true, 0),
                'i' => self.flags.ignore_case = !negative,
                'm' => self.flags.multi_line = !negative,
                's' => self.flags.dot_all = !negative,
                'x' => self.flags.verbose = !negative,
                'a' if !negative && !unicode => self.flags.ascii = true,
                'u' if !negative && (before.ascii || !self.flags.ascii) => (self.flags.ascii, unicode) = (false, true),
                _ => return Err(BAD),
            }
            changed += usize::from(letter != '-');
            letter = self.next().ok_or("missing -, : or )")?;
        };
        if closing == ')' {
            return if may_set_flags { Ok(None) } else { Err("global flags not at the start of the expression") };
        }
        let piece = self.rest_of_group(depth, "(?:");
        self.flags = before;
        piece.map(Some)
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|character| character == '_' || character.is_alphanumeric())
}
