//! 归属 Whose a thing is, for the rules.

use crate::caller::Caller;
use crate::error::{Answer, ApiError};
use crate::house::House;
use tanliu_platform::catalogue::{Dataset, Subject};
use tanliu_platform::permission::{Action, Object};

/// 归属 An object of the rules that owns its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owned {
    Enterprise { id: String, town: String },
    Town { id: String },
    Dataset { department: String },
    District,
}

impl Owned {
    pub(crate) fn object(&self) -> Object<'_> {
        match self {
            Self::Enterprise { id, town } => Object::Enterprise { id, town },
            Self::Town { id } => Object::Town { id },
            Self::Dataset { department } => Object::Dataset { department },
            Self::District => Object::District,
        }
    }

    /// An enterprise; one that is not there is absent for everybody.
    pub(crate) async fn enterprise(house: &House, id: &str) -> Answer<Self> {
        let found = house.store().enterprise(id).await?.ok_or_else(ApiError::absent)?;
        Ok(Self::Enterprise { id: found.id, town: found.town })
    }

    /// Whose the rows of a dataset are that are about a subject.
    pub(crate) async fn subject(house: &House, dataset: &Dataset, subject: &str) -> Answer<Self> {
        if subject.is_empty() {
            return Ok(Self::Dataset { department: dataset.department.clone() });
        }
        match dataset.subject {
            Subject::Enterprise => Self::enterprise(house, subject).await,
            Subject::Town => Self::town(house, subject).await,
            Subject::District => Err(ApiError::absent()),
        }
    }

    async fn town(house: &House, id: &str) -> Answer<Self> {
        let towns = house.store().towns().await?;
        let known = towns.iter().any(|town| town.id == id);
        known.then(|| Self::Town { id: id.to_owned() }).ok_or_else(ApiError::absent)
    }

    /// Whose a figure is, by its keys.
    pub(crate) async fn figure(house: &House, keys: &[(String, String)]) -> Answer<Self> {
        let key = |index: &str| keys.iter().find(|(own, _)| own == index).map(|(_, key)| key);
        match (key(crate::tables::ENTERPRISE), key("town")) {
            (Some(id), _) => Self::enterprise(house, id).await,
            (None, Some(id)) => Ok(Self::Town { id: id.clone() }),
            (None, None) => Ok(Self::District),
        }
    }

    /// Whose a warning is: an enterprise's, a town's, the district's.
    pub(crate) async fn place(house: &House, enterprise: &str, town: &str) -> Answer<Self> {
        match (enterprise, town) {
            ("", "") => Ok(Self::District),
            ("", town) => Ok(Self::Town { id: town.to_owned() }),
            (enterprise, _) => Self::enterprise(house, enterprise).await,
        }
    }

    /// Whether somebody reads what is reported of it. Everybody reads that a dataset is there; a
    /// table of many bodies is for those who work on the dataset.
    pub(crate) fn reported_is_read_by(&self, caller: &Caller) -> bool {
        let object = self.object();
        if matches!(self, Self::Dataset { .. }) {
            let works = [Action::Submit, Action::Review, Action::Approve];
            return works.into_iter().any(|action| caller.can(action, &object));
        }
        caller.can(Action::Read, &object)
    }
}
