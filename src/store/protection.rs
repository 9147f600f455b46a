//! What people forbid themselves: stores that are not to be changed, whatever a command line says.

use super::{Address, StoreError};

/// A profile that says that nothing is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// Its name.
    pub profile: String,
    /// The file that has it.
    pub file: String,
    /// The store that it protects; every store if there is none.
    pub address: Option<Address>,
}

/// A store, and who may protect it.
pub struct Protected {
    pub address: Address,
    pub by: Vec<Protection>,
}

impl Protected {
    /// Who does, if somebody does.
    pub fn refusing(&self) -> Option<&Protection> {
        self.by.iter().find(|by| by.protects(&self.address))
    }
}

impl Protection {
    /// Whether it protects the store at an address. Names of servers are looked up, so that no other spelling leads around it.
    #[must_use]
    pub fn protects(&self, address: &Address) -> bool {
        let Some(protected) = &self.address else { return true };
        let there = || protected.addresses();
        protected == address || address.addresses().iter().any(|address| there().contains(address))
    }

    /// The refusal.
    #[must_use]
    pub fn error(&self) -> StoreError {
        StoreError::Protected { profile: self.profile.clone(), file: self.file.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_protected_however_it_is_spelled() {
        let server = |base: &str| Address::Server(base.to_owned());
        let refuses = |protected: Option<&str>, opened: &str| {
            let address = protected.map(server);
            let by = vec![Protection { profile: "prod".into(), file: "config.toml".into(), address }];
            Protected { address: server(opened), by }.refusing().is_some()
        };
        assert!(refuses(None, "http://10.0.0.1:5000"));
        assert!(refuses(Some("http://127.0.0.1:5000"), "http://localhost:5000"));
        assert!(!refuses(Some("http://127.0.0.1:5000"), "http://127.0.0.1:5001"));
        assert!(!refuses(Some("http://127.0.0.1:5000"), "http://127.0.0.1:5000/other"));
    }
}
